"""Repositories as other tools make them, with python-tuf alone: nothing here is code under test.

repository = Foreign({"alice": alice.key_file, "online": online})
repository.put("file.txt", b"one")
repository.sign_online()
repository.publish(folder)             # N.root.json, N.targets.json, targets/<hash>.file.txt
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Key, Signature, Signer
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

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EXPIRES = NOW + timedelta(days=30)


class Foreign:
    """A repository in memory.

    Args:
        keys: the files of the private keys (PEM), by name.
        people: whose keys sign root; all of them must.
        targets: whose key signs targets.
        keyids: ids that are not what the keys' content gives, by name, as old tools made them.
    """

    def __init__(
        self,
        keys: Mapping[str, Path],
        *,
        people: tuple[str, ...] = ("alice",),
        keyids: Mapping[str, str] | None = None,
        consistent: bool = True,
        targets: str = "alice",
    ) -> None:
        self.roots: list[bytes] = []
        self.roles: dict[str, bytes] = {}
        self.artifacts: dict[str, bytes] = {}
        self.signers = {
            name: _signer(file, (keyids or {}).get(name)) for name, file in keys.items()
        }
        self.signed_by: dict[str, tuple[str, ...]] = {"targets": (targets,)}
        self._people: tuple[str, ...] = ()
        self._consistent = consistent
        self.rotate(people)
        self._write("targets", Targets(expires=EXPIRES), (targets,))

    def key(self, name: str) -> Key:
        return self.signers[name].public_key

    def rotate(self, people: tuple[str, ...], *, by: tuple[str, ...] | None = None) -> None:
        """Make the next root, signed by the people of the old one and the new, or by `by`."""
        root = Root(
            version=len(self.roots) + 1, expires=EXPIRES, consistent_snapshot=self._consistent
        )
        for name in people:
            root.add_key(self.key(name), "root")
        root.roles["root"].threshold = len(people)
        root.add_key(self.key(self.signed_by["targets"][0]), "targets")
        for role in ("snapshot", "timestamp"):
            root.add_key(self.key("online"), role)
        self.add_root(root, by or tuple(dict.fromkeys((*self._people, *people))))
        self._people = people

    def add_root(self, root: Root, by: Iterable[str]) -> None:
        self.roots.append(self.signed(root, by))

    def load(self, role: str) -> Metadata[Any]:
        return Metadata.from_bytes(self.roles[role])

    def delegate(
        self, role: str, *, by: str = "targets", signer: str, paths: Iterable[str]
    ) -> None:
        """Let `by` delegate to a new role that lists nothing yet."""
        delegator = self.load(by).signed
        delegator.delegations = delegator.delegations or Delegations({}, {})
        delegated = DelegatedRole(role, [], 1, terminating=False, paths=list(paths))
        delegator.delegations.roles[role] = delegated
        delegator.add_key(self.key(signer), role)
        self.next_version(by, delegator)
        self.signed_by[role] = (signer,)
        self._write(role, Targets(expires=EXPIRES), (signer,))

    def put(
        self,
        name: str,
        data: bytes,
        *,
        role: str = "targets",
        hashes: Iterable[str] = ("sha256", "sha512"),
    ) -> None:
        """List an artifact in the next version of a role."""
        self.artifacts[name] = data
        targets = self.load(role).signed
        targets.targets[name] = TargetFile.from_data(name, data, list(hashes))
        self.next_version(role, targets)

    def sign_online(self, *, hashes: bool = True) -> None:
        """Make the next snapshot and timestamp."""
        names = [role for role in self.roles if role not in {"snapshot", "timestamp"}]
        snapshot = Snapshot(version=self._version("snapshot") + 1, expires=EXPIRES)
        snapshot.meta = {f"{name}.json": self._meta(name, hashes=hashes) for name in names}
        self._write("snapshot", snapshot, ("online",))
        meta = self._meta("snapshot", hashes=hashes)
        timestamp = Timestamp(self._version("timestamp") + 1, expires=EXPIRES, snapshot_meta=meta)
        self._write("timestamp", timestamp, ("online",))

    def publish(self, folder: Path, *, metadata: str = "", targets: str = "targets") -> Path:
        """Write it with versions and hashes in the names; return the folder."""
        files = {
            f"{metadata}/{number}.root.json": data for number, data in enumerate(self.roots, 1)
        }
        for role, data in self.roles.items():
            versioned = "" if role == "timestamp" else f"{self._version(role)}."
            files[f"{metadata}/{versioned}{role}.json"] = data
        for name, data in self.artifacts.items():
            below, slash, last = name.rpartition("/")
            for digest in TargetFile.from_data(name, data, ["sha256", "sha512"]).hashes.values():
                files[f"{targets}/{below}{slash}{digest}.{last}"] = data
        return write(folder, files)

    def plain(self, folder: Path, *, metadata: str = "", targets: str = "targets") -> Path:
        """Write it as repositories without consistent snapshots are; return the folder."""
        files = {f"{metadata}/{role}.json": data for role, data in self.roles.items()}
        files[f"{metadata}/root.json"] = self.roots[-1]
        files |= {f"{targets}/{name}": data for name, data in self.artifacts.items()}
        return write(folder, files)

    def _meta(self, role: str, *, hashes: bool) -> MetaFile:
        version = self._version(role)
        return (
            MetaFile.from_data(version, self.roles[role], ["sha256"])
            if hashes
            else MetaFile(version)
        )

    def _version(self, role: str) -> int:
        """Return a version, also of what python-tuf cannot read."""
        return int(json.loads(self.roles[role])["signed"]["version"]) if role in self.roles else 0

    def next_version(self, role: str, targets: Targets) -> None:
        """Let a targets-type role have this content in its next version."""
        targets.version += 1
        self._write(role, targets, self.signed_by[role])

    def _write(self, role: str, signed: Any, by: Iterable[str]) -> None:  # noqa: ANN401 - any type
        self.roles[role] = self.signed(signed, by)

    def signed(self, signed: Any, by: Iterable[str]) -> bytes:  # noqa: ANN401 - any type
        """Return the file of this content, signed by these."""
        metadata: Metadata[Any] = Metadata(signed)
        for name in by:
            metadata.sign(self.signers[name], append=True)
        return metadata.to_bytes()


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, data in files.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


class _UnderOtherId(Signer):
    """A signer whose key goes by an id of somebody's choice."""

    def __init__(self, signer: CryptoSigner, keyid: str) -> None:
        self._signer = signer
        self._key = Key.from_dict(keyid, signer.public_key.to_dict())

    @property
    def public_key(self) -> Key:
        return self._key

    @classmethod
    def from_priv_key_uri(cls, *_: object) -> "Signer":
        """Not asked for."""
        raise NotImplementedError

    def sign(self, payload: bytes) -> Signature:
        return Signature(self._key.keyid, self._signer.sign(payload).signature)


def _signer(file: Path, keyid: str | None) -> Signer:
    private: Any = load_pem_private_key(file.read_bytes(), password=None)
    signer = CryptoSigner(private)
    return _UnderOtherId(signer, keyid) if keyid else signer
