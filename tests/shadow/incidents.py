"""Events as they happened in public repositories, and broke clients after they were published."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache

from securesystemslib.signer import CryptoSigner, Key
from tests.support.sample import ONLINE, ROLE, Sample, key_for, keyid_of
from tuf.api.metadata import Root

Change = Callable[[Sample, datetime], object]


def proposed(change: Change, now: datetime) -> tuple[Sample, Sample]:
    """Return what is published, and an event with the change; nobody signed that yet."""
    base = Sample()
    for role in ("root", "targets", ROLE):
        base.edit(role, now=now)
    base.sign_online(now=now)
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.edit("targets", now=now, signers=[])
    change(event, now)
    return base, event


def nothing(_: Sample, now: datetime) -> None:
    """A sound event."""


def wrong_key_id(event: Sample, now: datetime) -> None:
    """A key of root gets an id that is not of its content (root-signing, 1431)."""
    _with_id(event, now, lambda _: "0" * 64)


def id_without_custom_fields(event: Sample, now: datetime) -> None:
    """A key's id is of its plain fields alone, as some tools make it."""
    _with_id(event, now, _plain_id)


def without_hashes(event: Sample, now: datetime) -> None:  # noqa: ARG001 - as above
    """Snapshot goes on to state versions only (root-signing, 1251)."""
    snapshot = json.loads(event.files["metadata/snapshot.json"])["signed"]["meta"]
    assert not any("hashes" in entry for entry in snapshot.values())


def unsupported_online_key(event: Sample, now: datetime) -> None:
    """The online key becomes one of P-384 (root-signing-staging, 25)."""
    key = _p384()

    def change(root: Root) -> None:
        for role in ("snapshot", "timestamp"):
            root.revoke_key(key_for(ONLINE).keyid, role)
            root.add_key(key, role)

    event.edit("root", change, now=now, signers=[])


def _with_id(event: Sample, now: datetime, made: Callable[[Key], str]) -> None:
    key = key_for("@alice")
    new = made(key)

    def change(root: Root) -> None:
        known = root.keys.pop(key.keyid)
        known.keyid = new
        root.keys[new] = known
        for role in root.roles.values():
            role.keyids = [new if each == key.keyid else each for each in role.keyids]

    event.edit("root", change, now=now, signers=[])


def _plain_id(key: Key) -> str:
    plain = CryptoSigner.generate_ed25519().public_key
    plain.keytype, plain.scheme, plain.keyval = key.keytype, key.scheme, key.keyval
    return keyid_of(plain)


@cache
def _p384() -> Key:
    key = CryptoSigner.generate_ecdsa(scheme="ecdsa-sha2-nistp384").public_key
    key.unrecognized_fields["x-tuf-on-ci-online-uri"] = "file2:p384"
    key.keyid = keyid_of(key)
    return key
