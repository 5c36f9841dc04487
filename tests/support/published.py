"""Trees of the publish branch, made with python-tuf alone: nothing here is code under test.

repository = Published()                  # root 1, targets 1, snapshot 1, timestamp 1
first = repository.state()
repository.put("file.txt", b"new")        # lists it in the next version of targets
repository.sign_online()                  # the next snapshot and timestamp
second = repository.state()
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.state import MemoryFiles, State

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EXPIRES = NOW + timedelta(days=30)
HASHES = ("sha256", "sha512")


@cache
def signer(name: str) -> CryptoSigner:  # noqa: ARG001 - what the cache goes by
    """Return the key of this name, the same in the whole run."""
    return CryptoSigner(Ed25519PrivateKey.generate())


class Published:
    """A repository in memory: `files` by path in git."""

    def __init__(
        self, *, threshold: int = 2, artifact: bytes = b"one\n", expires: datetime = EXPIRES
    ) -> None:
        self.expires = expires
        self.files: dict[str, bytes] = {}
        self.people: tuple[str, ...] = ("alice", "bob")
        self.targets_people: tuple[str, ...] = ("alice",)
        self.online: tuple[str, ...] = ("online",)
        self.signers: dict[str, tuple[str, ...]] = {}
        self._threshold = threshold
        self.rotate()
        self._write("targets", Metadata(Targets(expires=self.expires)), self.targets_people)
        self.put("file.txt", artifact)
        self.sign_online()

    def state(self) -> State:
        """Return the tree as it is now."""
        return State(MemoryFiles(dict(self.files)))

    def load(self, role: str) -> Metadata[Any]:
        """Return a role's metadata."""
        return Metadata.from_bytes(self.files[f"metadata/{role}.json"])

    def version(self, role: str) -> int:
        """Return a role's version, 0 if there is none."""
        there = f"metadata/{role}.json" in self.files
        return int(self.load(role).signed.version) if there else 0

    def rotate(
        self,
        *,
        people: tuple[str, ...] | None = None,
        online: tuple[str, ...] | None = None,
        targets_people: tuple[str, ...] | None = None,
    ) -> None:
        """Make the next root, signed by the people of the old one and of the new."""
        signers = {*self.people, *(people or ())}
        self.people = people or self.people
        self.online = online or self.online
        self.targets_people = targets_people or self.targets_people
        root = Root(
            version=self.version("root") + 1, expires=self.expires, consistent_snapshot=True
        )
        named = {"root": self.people, "targets": self.targets_people}
        named |= {"snapshot": self.online, "timestamp": self.online}
        for role, names in named.items():
            for name in names:
                root.add_key(signer(name).public_key, role)
        root.roles["root"].threshold = self._threshold
        self._write("root", Metadata(root), sorted(signers))
        copy = f"metadata/root_history/{root.version}.root.json"
        self.files[copy] = self.files["metadata/root.json"]

    def delegate(self, role: str, *, paths: Iterable[str] | None = None) -> None:
        """Delegate to a new role with a key of its own; it lists nothing yet."""
        targets = self.load("targets")
        patterns = list(paths or (f"{role}/*", f"{role}/*/*"))
        delegated = DelegatedRole(role, [], 1, terminating=True, paths=patterns)
        targets.signed.delegations = targets.signed.delegations or Delegations({}, {})
        targets.signed.delegations.roles[role] = delegated
        targets.signed.add_key(signer(role).public_key, role)
        self.signers[role] = (role,)
        self._next("targets", targets)
        self._write(role, Metadata(Targets(expires=self.expires)), (role,))

    def put(self, artifact: str, data: bytes, *, role: str = "targets") -> None:
        """Write an artifact and list it, with two hashes, in the next version of its role."""
        self.files[f"targets/{artifact}"] = data
        self.list_artifact(TargetFile.from_data(artifact, data, list(HASHES)), role=role)

    def list_artifact(self, listed: TargetFile, *, role: str = "targets") -> None:
        """List an artifact in the next version of its role."""
        metadata = self.load(role)
        metadata.signed.targets[listed.path] = listed
        self._next(role, metadata)

    def renew(self, role: str) -> None:
        """Make the next version of a targets-type role, with the people who sign it now."""
        self._next(role, self.load(role))

    def sign_online(self, *, by: tuple[str, ...] | None = None) -> None:
        """Make the next snapshot and timestamp, signed by these online keys."""
        signers = by or self.online
        snapshot = Snapshot(version=self.version("snapshot") + 1, expires=self.expires)
        if "metadata/snapshot.json" in self.files:
            snapshot.meta = self.load("snapshot").signed.meta
        for role in self.roles():
            snapshot.meta[f"{role}.json"] = MetaFile(self.version(role))
        self._write("snapshot", Metadata(snapshot), signers)
        self.renew_timestamp(by=signers)

    def renew_timestamp(self, *, by: tuple[str, ...] | None = None) -> None:
        """Make the next timestamp."""
        meta = MetaFile(self.version("snapshot"))
        timestamp = Timestamp(
            self.version("timestamp") + 1, expires=self.expires, snapshot_meta=meta
        )
        self._write("timestamp", Metadata(timestamp), by or self.online)

    def roles(self) -> tuple[str, ...]:
        """Return the targets-type roles."""
        there = (
            path for path in self.files if path.startswith("metadata/") and path.count("/") == 1
        )
        names = (path.removeprefix("metadata/").removesuffix(".json") for path in there)
        return tuple(name for name in names if name not in {"root", "snapshot", "timestamp"})

    def add_empty_signature(self, role: str, name: str) -> None:
        """Add the entry of a key that has not signed, as events have them."""
        metadata = self.load(role)
        keyid = signer(name).public_key.keyid
        metadata.signatures[keyid] = Signature(keyid, "")
        self.files[f"metadata/{role}.json"] = metadata.to_bytes(JSONSerializer())
        if role == "root":
            copy = f"metadata/root_history/{metadata.signed.version}.root.json"
            self.files[copy] = self.files["metadata/root.json"]

    def _next(self, role: str, metadata: Metadata[Any]) -> None:
        metadata.signed.version += 1
        self._write(role, metadata, self.signers.get(role, self.targets_people))

    def _write(self, role: str, metadata: Metadata[Any], signers: Iterable[str]) -> None:
        metadata.signatures.clear()
        for name in signers:
            metadata.sign(signer(name), append=True)
        self.files[f"metadata/{role}.json"] = metadata.to_bytes(JSONSerializer())
