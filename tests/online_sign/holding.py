"""Real online keys in files, and repositories whose roles are signed by them."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample, key_for, signer_for
from tuf.api.metadata import Metadata, Root

from tufline.online_sign._keys import KeysByUri

SCHEME = "file2:"


class KeyFiles:
    """A folder of private keys, by the names that `file2:` URIs have."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        monkeypatch.setenv("CRYPTO_SIGNER_PATH_PREFIX", str(folder))

    def hold(self, *uris: str) -> None:
        for uri in uris:
            self._write(uri, signer_for(uri).private_bytes)

    def swap(self, uri: str) -> None:
        """Put another key there: one that nobody named."""
        self._write(uri, CryptoSigner(Ed25519PrivateKey.generate()).private_bytes)

    def spoil(self, uri: str) -> None:
        self._write(uri, b"no key at all")

    def lose(self, uri: str) -> None:
        self._path(uri).unlink()

    def _write(self, uri: str, data: bytes) -> None:
        self._path(uri).write_bytes(data)

    def _path(self, uri: str) -> Path:
        return self._folder / uri.removeprefix(SCHEME)


def let_sign(sample: Sample, role: str, uris: Iterable[str], *, threshold: int = 1) -> None:
    """Let the next root name exactly these online keys for a top-level role."""

    def change(root: Root) -> None:
        root.roles[role].keyids = []
        for uri in uris:
            root.add_key(key_for(uri), role)
        root.roles[role].threshold = threshold

    sample.edit("root", change)


def with_files(main: Sample) -> Pipeline:
    """Return a pipeline whose online keys are really looked for where their URIs say."""
    pipeline = Pipeline(main=main)
    pipeline.keys = KeysByUri()  # type: ignore[assignment] # the same port, as it really is
    return pipeline


def signers(
    pipeline: Pipeline, role: str, uris: Iterable[str], branch: str = "publish"
) -> set[str]:
    """Return which of the keys signed the role's metadata, as python-tuf verifies it."""
    data = pipeline.files(pipeline.head(branch))[f"metadata/{role}.json"]
    metadata: Metadata[Root] = Metadata.from_bytes(data)
    found = set()
    for uri in uris:
        key = key_for(uri)
        if key.keyid in metadata.signatures and metadata.signatures[key.keyid].signature:
            key.verify_signature(metadata.signatures[key.keyid], metadata.signed_bytes)
            found.add(uri)
    return found
