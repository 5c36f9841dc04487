"""Published repositories that clients of every language are tried on, sound ones and others.

Made with python-tuf alone, valid by the machine's clock: nothing here is code under test.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    generate_private_key,
)
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner
from tests.support.published import Published, signer
from tuf.api.metadata import Metadata, MetaFile, TargetFile
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.clients import Wanted
from tufline.repository.format import RoleName

CLOCK = datetime.now(UTC).replace(microsecond=0)
TOP, DELEGATED, NESTED = "file.txt", "npm/keys.json", "npm/deep/er.bin"


@dataclass(frozen=True, kw_only=True)
class Site:
    """Published files by name, those that clients had before, and what they hold and ask for."""

    files: Mapping[str, bytes]
    before: Mapping[str, bytes] | None = None
    wanted: tuple[Wanted, ...] = ()
    roots: tuple[int, ...] = (1,)


@dataclass(kw_only=True)
class Maker:
    """A repository with a delegated role, which a test changes before it is published."""

    repository: Published = field(
        default_factory=lambda: Published(expires=CLOCK + timedelta(days=30))
    )
    before: dict[str, bytes] | None = None

    def __post_init__(self) -> None:
        self.repository.delegate("npm", paths=["npm/*", "npm/*/*"])
        self.repository.put(DELEGATED, b"keys\n", role="npm")
        self.repository.put(NESTED, b"\x00\xff", role="npm")
        self.repository.sign_online()

    def publish(self) -> None:
        """Let clients get what there is now."""
        self.before = published(self.repository)

    def site(self) -> Site:
        return Site(
            files=published(self.repository), before=self.before, wanted=wanted(self.repository)
        )


def published(repository: Published) -> dict[str, bytes]:
    """Return what clients get, by name."""
    files = {}
    for path, data in repository.files.items():
        folder, _, name = path.rpartition("/")
        if folder == "metadata/root_history" or path == "metadata/timestamp.json":
            files[f"metadata/{name}"] = data
        elif folder == "metadata" and name != "root.json":
            files[f"metadata/{repository.version(name.removesuffix('.json'))}.{name}"] = data
    for role in repository.roles():
        for listed in repository.load(role).signed.targets.values():
            files |= artifact_files(listed, repository.files[f"targets/{listed.path}"])
    return files


def artifact_files(listed: TargetFile, data: bytes) -> dict[str, bytes]:
    folder, slash, name = listed.path.rpartition("/")
    return {f"targets/{folder}{slash}{value}.{name}": data for value in listed.hashes.values()}


def wanted(repository: Published) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(path=path, role=RoleName(role), hashes=listed.hashes)
        for role in repository.roles()
        for path, listed in repository.load(role).signed.targets.items()
    )


# what is changed


def nothing(_: Maker) -> None:
    """Publish for the first time."""


def everything(maker: Maker) -> None:
    """Change content, people and the online key, after clients got what was there."""
    repository = maker.repository
    maker.publish()
    repository.put(TOP, b"two\n")
    repository.rotate(people=("bob", "carol"))
    repository.rotate(online=("online-2",))
    repository.sign_online()


def hashes_everywhere(maker: Maker) -> None:
    """State length and hashes in snapshot and timestamp."""
    repository = maker.repository
    for role, names in (("snapshot", repository.roles()), ("timestamp", ("snapshot",))):
        metadata = repository.load(role)
        metadata.signed.meta = {f"{name}.json": meta_of(repository, name) for name in names}
        if role == "timestamp":
            metadata.signed.snapshot_meta = meta_of(repository, "snapshot")
        write(repository, role, metadata, signer("online"))


def meta_of(repository: Published, role: str) -> MetaFile:
    data = repository.files[f"metadata/{role}.json"]
    return MetaFile.from_data(repository.version(role), data, ["sha256"])


def other_bytes(maker: Maker) -> None:
    """Put other bytes of the same length into an artifact."""
    path = f"targets/{TOP}"
    maker.repository.files[path] = b"!" * len(maker.repository.files[path])


def expired_timestamp(maker: Maker) -> None:
    maker.repository.expires = CLOCK - timedelta(days=1)
    maker.repository.renew_timestamp()


def snapshot_goes_back(maker: Maker) -> None:
    """Publish a newer timestamp over an older snapshot."""
    repository = maker.repository
    older = dict(repository.files)
    repository.put(TOP, b"two\n")
    repository.sign_online()
    maker.publish()
    newer = repository.version("timestamp")
    repository.files = older
    while repository.version("timestamp") <= newer:
        repository.renew_timestamp()


def timestamp_goes_back(maker: Maker) -> None:
    """Publish what was there before the last change."""
    older = dict(maker.repository.files)
    maker.repository.renew_timestamp()
    maker.publish()
    maker.repository.files = older


def unsigned_targets(maker: Maker) -> None:
    """Publish targets that nobody's key signed."""
    repository = maker.repository
    metadata = repository.load("targets")
    metadata.signed.version += 1
    write(repository, "targets", metadata)
    repository.sign_online()


def unsigned_root(maker: Maker) -> None:
    """Publish a root that only half of its people signed."""
    maker.repository.rotate(people=("alice", "carol"))
    metadata = maker.repository.load("root")
    write(maker.repository, "root", metadata, signer("alice"))
    maker.repository.sign_online()


def empty_signature(maker: Maker) -> None:
    """Publish the entry of a key that has not signed."""
    maker.repository.add_empty_signature("root", "online")


def only_sha512(maker: Maker) -> None:
    """List an artifact without the hash that some clients insist on."""
    maker.repository.list_artifact(TargetFile.from_data(TOP, b"one\n", ["sha512"]))
    maker.repository.sign_online()


def keyid_without_fields(maker: Maker) -> None:
    """Use a key whose id was made without its custom fields (sigstore/root-signing#1431)."""
    made = CryptoSigner(generate_private_key(SECP256R1()))
    made.public_key.unrecognized_fields["x-tuf-on-ci-online-uri"] = "gcpkms:example"
    use_online_key(maker.repository, made)


def keyid_of_whole_key(maker: Maker) -> None:
    """Use a key with custom fields, and with the id that belongs to it."""
    made = CryptoSigner(generate_private_key(SECP256R1()))
    key = made.public_key
    key.unrecognized_fields["x-tuf-on-ci-online-uri"] = "gcpkms:example"
    key.keyid = hashlib.sha256((encode_canonical(key.to_dict()) or "").encode()).hexdigest()
    use_online_key(maker.repository, made)


def p384_online(maker: Maker) -> None:
    """Use an online key of a type that not every client knows (root-signing-staging#25)."""
    use_online_key(maker.repository, CryptoSigner(generate_private_key(SECP384R1())))


def use_online_key(repository: Published, key: CryptoSigner) -> None:
    """Put the key in the place of the online key, in the first root."""
    root = repository.load("root")
    for role in ("snapshot", "timestamp"):
        root.signed.revoke_key(signer("online").public_key.keyid, role)
        root.signed.add_key(key.public_key, role)
    write(repository, "root", root, *(signer(name) for name in repository.people))
    for role in ("snapshot", "timestamp"):
        write(repository, role, repository.load(role), key)


def write(
    repository: Published, role: str, metadata: Metadata[Any], *signers: CryptoSigner
) -> None:
    metadata.signatures.clear()
    for each in signers:
        metadata.sign(each, append=True)
    data = metadata.to_bytes(JSONSerializer())
    repository.files[f"metadata/{role}.json"] = data
    if role == "root":
        repository.files[f"metadata/root_history/{metadata.signed.version}.root.json"] = data


Change = Callable[[Maker], None]


def site(change: Change = nothing) -> Site:
    maker = Maker()
    change(maker)
    return maker.site()
