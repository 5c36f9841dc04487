"""What an attacker makes out of a clone, with tools of their own."""

from pathlib import Path

from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.metadata import Root, TargetFile, Targets

from tufline.repository.edit import with_signature
from tufline.repository.format import (
    ROOT,
    TARGETS,
    Document,
    key_owner,
    metadata_path,
    parse_document,
    write_document,
)
from tufline.repository.rehearsal._screen import NotAsExpected


def listing(clone: Path, artifact: str, data: bytes) -> bytes:
    """Return targets metadata in its next version, which lists the artifact: signed by nobody."""
    metadata = _targets(clone).metadata
    metadata.signed.version += 1
    metadata.signed.targets[artifact] = TargetFile.from_data(artifact, data)
    metadata.signatures.clear()
    return write_document(metadata)


def signed_as(clone: Path, person: str) -> bytes:
    """Return targets metadata with a signature that says it is the person's, by another key."""
    document = _targets(clone)
    signature = CryptoSigner.generate_ecdsa().sign(document.payload)
    forged = Signature(_keyid(clone, person), signature.signature)
    return with_signature(document, forged)


def _keyid(clone: Path, person: str) -> str:
    root = parse_document((clone / metadata_path(ROOT)).read_bytes(), Root)
    for keyid, key in root.signed.keys.items():
        if key_owner(key) == person:
            return keyid
    raise NotAsExpected(f"root names no key of {person}")


def _targets(clone: Path) -> Document[Targets]:
    return parse_document((clone / metadata_path(TARGETS)).read_bytes(), Targets)
