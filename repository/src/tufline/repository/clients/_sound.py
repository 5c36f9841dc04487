"""A tiny repository that every client can read: one ECDSA P-256 key, one artifact, all hashes."""

from datetime import datetime
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.clients._interface import Wanted
from tufline.repository.format import TARGETS

ARTIFACT: Final = "self-test.txt"
_DATA: Final = b"a client that works can download this\n"


def sound_repository(expires: datetime) -> tuple[dict[str, bytes], Wanted]:
    """Return published files by name, metadata in "metadata/", and the artifact in them."""
    expires = expires.replace(microsecond=0)
    signer = CryptoSigner.generate_ecdsa()
    listed = TargetFile.from_data(ARTIFACT, _DATA, ["sha256"])
    targets = _signed(Targets(expires=expires, targets={ARTIFACT: listed}), signer)
    snapshot = _signed(Snapshot(expires=expires, meta={"targets.json": _meta(targets)}), signer)
    timestamp = _signed(Timestamp(expires=expires, snapshot_meta=_meta(snapshot)), signer)
    files = {
        "metadata/1.root.json": _signed(_root(expires, signer), signer),
        "metadata/1.targets.json": targets,
        "metadata/1.snapshot.json": snapshot,
        "metadata/timestamp.json": timestamp,
        f"targets/{listed.hashes['sha256']}.{ARTIFACT}": _DATA,
    }
    return files, Wanted(path=ARTIFACT, role=TARGETS, hashes=listed.hashes)


def _root(expires: datetime, signer: CryptoSigner) -> Root:
    root = Root(expires=expires, consistent_snapshot=True)
    for role in root.roles:
        root.add_key(signer.public_key, role)
    return root


def _signed(signed: Any, signer: CryptoSigner) -> bytes:  # noqa: ANN401 - any kind of metadata
    metadata: Metadata[Any] = Metadata(signed)
    metadata.sign(signer)
    return metadata.to_bytes(JSONSerializer())


def _meta(data: bytes) -> MetaFile:
    return MetaFile.from_data(1, data, ["sha256"])
