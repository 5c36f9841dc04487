"""Repositories made for tests, with python-tuf alone: nothing here is code under test.

    sample = Sample()                  # root 2 of 3, targets 2 of 3, role "npm" 1 of 1, artifacts
    sample.edit("targets", lambda targets: ...)  # a new version, signed by everybody
    sample.files["targets/file.txt"] = b"..."    # any file, any bytes
    sample.state()                          # as `review` wants it

`copy()` makes the event of a known good; keys are the same in both.
"""

import copy
import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner, Key, Signature
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.state import Kind, MemoryFiles, State

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PEOPLE = ("@alice", "@bob", "@carol")
DELEGATE = "@dave"
STRANGER = "@mallory"
ONLINE = "file2:online"
KNOWN = (*PEOPLE, *(f"{name}#2" for name in PEOPLE), DELEGATE, STRANGER, ONLINE, "file2:next")
ROLE = "npm"
ARTIFACTS = {"file.txt": b"one\n", "dir-less.json": b'{"a": 1}\n', "npm/keys.json": b"keys\n"}
EXPIRY_DAYS, SIGNING_DAYS = 365, 60
# Signatures differ each time they are made; equal samples must have equal files.
_MADE: dict[tuple[tuple[str, ...], int], dict[str, bytes]] = {}


@cache
def signer_for(name: str) -> CryptoSigner:
    """Return the key of a person (`@name`) or an online key (any other name: its URI).

    An online key makes equal signatures over equal bytes, so that jobs which run again compare.
    """
    personal = name.startswith("@")
    made = generate_private_key(SECP256R1()) if personal else Ed25519PrivateKey.generate()
    signer = CryptoSigner(made)
    field = "x-tuf-on-ci-keyowner" if personal else "x-tuf-on-ci-online-uri"
    signer.public_key.unrecognized_fields[field] = name.partition("#")[0]
    signer.public_key.keyid = keyid_of(signer.public_key)
    return signer


def key_for(name: str) -> Key:
    """Return a copy of the public key. `@name#2` is another key of `@name`."""
    return copy.deepcopy(signer_for(name).public_key)


def keyid_of(key: Key) -> str:
    """Compute the key id with securesystemslib alone."""
    return hashlib.sha256((encode_canonical(key.to_dict()) or "").encode()).hexdigest()


class Sample:
    """A repository in memory: `files` by path, as git would hold them; `kinds` of odd ones."""

    def __init__(self, *, people: Iterable[str] = PEOPLE, threshold: int = 2) -> None:
        self.kinds: dict[str, Kind] = {}
        self.files: dict[str, bytes] = {}
        as_asked = (tuple(people), threshold)
        if as_asked not in _MADE:
            self._make(*as_asked)
            _MADE[as_asked] = dict(self.files)
        self.files = dict(_MADE[as_asked])

    def state(self) -> State:
        """Return the repository as a state."""
        return State(MemoryFiles(self.files, self.kinds))

    def copy(self) -> "Sample":
        """Return an equal repository with the same keys."""
        return copy.deepcopy(self)

    def load(self, role: str) -> Metadata[Any]:
        """Return the role's metadata as python-tuf reads it."""
        return Metadata.from_bytes(self.files[f"metadata/{role}.json"])

    def edit(
        self,
        role: str,
        change: Callable[[Any], object] | None = None,
        *,
        signers: Iterable[str] | None = None,
        version: int | None = None,
        now: datetime = NOW,
    ) -> None:
        """Make the role's next version with `change` applied, signed by all its people.

        `signers` signs with exactly these instead; everybody else's entry stays empty.
        """
        metadata = self.load(role)
        if change:
            change(metadata.signed)
        metadata.signed.version = version or metadata.signed.version + 1
        metadata.signed.expires = now + timedelta(days=EXPIRY_DAYS)
        self.sign(role, metadata, signers)

    def sign(
        self, role: str, metadata: Metadata[Any], signers: Iterable[str] | None = None
    ) -> None:
        """Write the metadata, signed by `signers` (everybody by default), others empty."""
        names = self.people_of(role, metadata) if signers is None else tuple(signers)
        asked = (*self.people_of(role, metadata), *names)
        metadata.signatures.clear()
        for name in dict.fromkeys(asked):
            keyid = signer_for(name).public_key.keyid
            metadata.signatures[keyid] = Signature(keyid, "")
            if name in names:
                metadata.sign(signer_for(name), append=True)
        self.write(role, metadata)

    def write(self, role: str, metadata: Metadata[Any]) -> None:
        """Write the metadata as it is, and a root's copy in root_history."""
        data = metadata.to_bytes(JSONSerializer())
        self.files[f"metadata/{role}.json"] = data
        if role == "root":
            path = f"metadata/root_history/{metadata.signed.version}.root.json"
            self.files[path] = data

    def put(self, artifact: str, data: bytes) -> None:
        """Write an artifact and list it in the metadata of the role that owns its folder."""
        self.files[f"targets/{artifact}"] = data
        role = artifact.partition("/")[0] if "/" in artifact else "targets"
        entry = TargetFile.from_data(artifact, data, ["sha256"])
        self.edit(role, lambda targets: targets.targets.update({artifact: entry}))

    def people_of(self, role: str, metadata: Metadata[Any] | None = None) -> tuple[str, ...]:
        """Return the names (as in `signer_for`) whose keys may sign the role, old root's too."""
        known = {signer_for(name).public_key.keyid: name for name in KNOWN}
        keyids: list[str] = []
        if role == "root" and metadata is not None:
            keyids += metadata.signed.roles["root"].keyids
        if role in {"root", "targets"} and "metadata/root.json" in self.files:
            keyids += self.load("root").signed.roles[role].keyids
        elif role not in {"root", "targets"}:
            keyids += self.load("targets").signed.delegations.roles[role].keyids
        return tuple(dict.fromkeys(known[keyid] for keyid in keyids if keyid in known))

    def sign_online(self, *, now: datetime = NOW, days: int = 7) -> None:
        """Write snapshot and timestamp over what is there, signed by the online key."""
        roles = [path[9:-5] for path in self.files if path.count("/") == 1 and path[-5:] == ".json"]
        snapshot, timestamp = Snapshot(), Timestamp()
        for role in set(roles) - {"root", "snapshot", "timestamp"}:
            if f"metadata/{role}.json" in self.files:
                snapshot.meta[f"{role}.json"] = MetaFile(self.load(role).signed.version)
        for role, signed in (("snapshot", snapshot), ("timestamp", timestamp)):
            if f"metadata/{role}.json" in self.files:
                signed.version = self.load(role).signed.version + 1
            signed.expires = now + timedelta(days=days)
            metadata: Metadata[Any] = Metadata(signed)
            metadata.sign(signer_for(ONLINE))
            self.write(role, metadata)
            timestamp.snapshot_meta = MetaFile(snapshot.version)

    def _make(self, people: tuple[str, ...], threshold: int) -> None:
        self.files.update({f"targets/{name}": data for name, data in ARTIFACTS.items()})
        self._write_root(people, threshold)
        self._write_targets()
        self._write_role()

    def _write_root(self, people: tuple[str, ...], threshold: int) -> None:
        root = Root(consistent_snapshot=True, expires=NOW + timedelta(days=EXPIRY_DAYS))
        _set_periods(root, EXPIRY_DAYS, SIGNING_DAYS)
        for name in people:
            root.add_key(key_for(name), "root")
            root.add_key(key_for(name), "targets")
        for role, days in (("snapshot", 30), ("timestamp", 7)):
            root.add_key(key_for(ONLINE), role)
            _set_periods(root.roles[role], days, days // 2)
        root.roles["root"].threshold = root.roles["targets"].threshold = threshold
        self.sign("root", Metadata(root))

    def _write_targets(self) -> None:
        targets = Targets(expires=NOW + timedelta(days=EXPIRY_DAYS))
        _set_periods(targets, EXPIRY_DAYS, SIGNING_DAYS)
        patterns = [f"{ROLE}/" + "/".join("*" * depth) for depth in range(1, 5)]
        delegated = DelegatedRole(ROLE, [], 1, terminating=True, paths=patterns)
        targets.delegations = Delegations({}, {ROLE: delegated})
        targets.add_key(key_for(DELEGATE), ROLE)
        self._list_artifacts(targets, "")
        self.sign("targets", Metadata(targets))

    def _write_role(self) -> None:
        targets = Targets(expires=NOW + timedelta(days=EXPIRY_DAYS))
        _set_periods(targets, EXPIRY_DAYS, SIGNING_DAYS)
        self._list_artifacts(targets, ROLE)
        self.sign(ROLE, Metadata(targets))

    def _list_artifacts(self, targets: Targets, folder: str) -> None:
        for artifact, data in ARTIFACTS.items():
            if artifact.rpartition("/")[0] == folder:
                entry = TargetFile.from_data(artifact, data, ["sha256"])
                targets.targets[artifact] = entry


def _set_periods(holder: Signed | Role, expiry: int, signing: int) -> None:
    holder.unrecognized_fields["x-tuf-on-ci-expiry-period"] = expiry
    holder.unrecognized_fields["x-tuf-on-ci-signing-period"] = signing
