"""A signing event in memory: main, a branch on it, people who sign the branch."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Key
from tests.support.sample import NOW, Sample, key_for, signer_for
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, Targets

from tufline.repository.edit import Draft, RoleTerms, role_files, with_signature
from tufline.repository.format import Document, Owner, Periods, RoleName, parse_document
from tufline.repository.state import MemoryFiles, State

ALICE, BOB, CAROL, DAVE = (Owner(name) for name in ("@alice", "@bob", "@carol", "@dave"))
NPM = RoleName("npm")


class Event:
    """What main and the branch hold, by path."""

    def __init__(self, main: Mapping[str, bytes] | None = None) -> None:
        self.main = dict(Sample().files if main is None else main)
        self.files = dict(self.main)

    def draft(self, now: datetime = NOW, **options: Any) -> Draft:  # noqa: ANN401 - passed on
        known_good, event = State(MemoryFiles(self.main)), State(MemoryFiles(self.files))
        return Draft(known_good=known_good, event=event, now=now, **options)

    def apply(self, draft: Draft) -> dict[str, bytes | None]:
        """Write the draft to the branch."""
        changes = draft.files()
        kept = {path: data for path, data in self.files.items() if path not in changes}
        written = {path: data for path, data in changes.items() if data is not None}
        self.files = {**kept, **written}
        return changes

    def sign(self, role: str, *names: str) -> None:
        """Put in the signature of each person (`@name`, `@name#2`)."""
        kind: Any = Root if role == "root" else Targets
        for name in names:
            document: Document[Any] = parse_document(self.files[f"metadata/{role}.json"], kind)
            data = with_signature(document, signer_for(name).sign(document.payload))
            self.files |= role_files(RoleName(role), document.signed.version, data)

    def merge(self) -> None:
        """Let main be what the branch is."""
        self.main = dict(self.files)

    def load(self, role: str) -> Metadata[Any]:
        """Return the branch's metadata as python-tuf reads it."""
        return Metadata.from_bytes(self.files[f"metadata/{role}.json"])

    def signed(self, role: str) -> Any:  # noqa: ANN401 - Root or Targets, as the test knows
        return self.load(role).signed

    def unsigned(self, role: str) -> list[str]:
        """Return the key ids of the empty signatures, in the file's order."""
        return [s.keyid for s in self.load(role).signatures.values() if s.signature == ""]


def is_verified(event: Event, delegator: str, role: str) -> bool:
    """Whether a client that trusts the delegator accepts the role."""
    metadata = event.load(role)
    try:
        trusted = event.signed(delegator)
        trusted.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except UnsignedMetadataError:
        return False
    return True


def bare_key(name: str) -> Key:
    """Return the person's or online key as a token gives it: no holder, any id."""
    key = key_for(name)
    key.unrecognized_fields.clear()
    key.keyid = "given-by-the-token"
    return key


def independent_keyid(key: Key) -> str:
    """Compute a key id without any code of ours."""
    return hashlib.sha256((encode_canonical(key.to_dict()) or "").encode()).hexdigest()


def days(expiry: int, signing: int) -> Periods:
    return Periods(expiry=timedelta(days=expiry), signing=timedelta(days=signing))


def terms(*people: Owner, threshold: int = 1, **others: Any) -> RoleTerms:  # noqa: ANN401 - passed on
    return RoleTerms(people=people, threshold=threshold, periods=days(365, 60), **others)
