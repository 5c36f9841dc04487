"""Timestamp, snapshot and targets-type roles, as a client that holds the newest root reads them.

What has expired is another question: a repository that nobody renewed for a while can be imported,
but not from a URL, where who serves it could keep back what is newer (TUF 5.4.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import MetaFile, Root, Snapshot, Targets, Timestamp

from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Document,
    InvalidMetadata,
    InvalidRoleName,
    RoleName,
    delegated_role_name,
    parse_document,
)
from tufline.repository.review import LocalKeys, tally
from tufline.repository.state import (
    LARGEST_SNAPSHOT,
    LARGEST_TARGETS,
    LARGEST_TIMESTAMP,
    Delegation,
    delegation_of,
)
from tufline.signer.importing._errors import CannotImport, NotTrusted, Problem
from tufline.signer.importing._interface import Chain, Existing, Place, Source, TooLong
from tufline.signer.importing._place import metadata_names

_Signed = TypeVar("_Signed", Snapshot, Targets, Timestamp)

_PUBLISH: Final = "publish a repository that is complete, then import that"
_LARGEST: Final = {TIMESTAMP: LARGEST_TIMESTAMP, SNAPSHOT: LARGEST_SNAPSHOT}


def read_existing(source: Source, place: Place, chain: Chain) -> Existing:
    """Return the repository that the newest root leads to; raise `CannotImport`, `NotTrusted`."""
    return _Reader(source=source, place=place, chain=chain).read()


@dataclass(kw_only=True)
class _Reader:
    """Reads a repository once. `problems` are those of delegated roles: told together."""

    source: Source
    place: Place
    chain: Chain
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Existing:
        root = self.chain.newest
        timestamp = self._file(TIMESTAMP, Timestamp, None)
        _expect_signed(timestamp, TIMESTAMP, _word(root, TIMESTAMP))
        snapshot = self._file(SNAPSHOT, Snapshot, timestamp.signed.snapshot_meta)
        _expect_signed(snapshot, SNAPSHOT, _word(root, SNAPSHOT))
        targets = self._targets(snapshot.signed)
        if self.problems:
            raise CannotImport(self.problems)
        return Existing(chain=self.chain, timestamp=timestamp, snapshot=snapshot, targets=targets)

    def _targets(self, snapshot: Snapshot) -> dict[RoleName, Document[Targets]]:
        """Return "targets" and all that it leads to, nearest first."""
        found: dict[RoleName, Document[Targets]] = {}
        waiting = [(TARGETS, _word(self.chain.newest, TARGETS))]
        while waiting:
            role, word = waiting.pop(0)
            if role in found:
                continue
            document = self._delegated(role, word, snapshot)
            if document is not None:
                found[role] = document
                waiting.extend(self._delegations(role, document))
        return found

    def _delegated(
        self, role: RoleName, word: Delegation, snapshot: Snapshot
    ) -> Document[Targets] | None:
        meta = snapshot.meta.get(f"{role}.json")
        if meta is None:
            mend = f"publish it, or let {word.delegator} no longer delegate to it"
            self.problems.append(Problem(role, "the snapshot does not list it", mend))
            return None
        try:
            document = self._file(role, Targets, meta)
        except CannotImport as error:
            self.problems.extend(error.problems)
            return None
        _expect_signed(document, role, word)
        return document

    def _delegations(
        self, role: RoleName, document: Document[Targets]
    ) -> Iterator[tuple[RoleName, Delegation]]:
        """Yield the roles that a role delegates to; note what is of a form that we do not have."""
        delegations = document.signed.delegations
        if delegations is None:
            return
        if delegations.succinct_roles is not None:
            self._note(role, "delegates to succinct hash bins", "list their artifacts in one role")
        for name, delegated in (delegations.roles or {}).items():
            if delegated.path_hash_prefixes is not None:
                self._note(name, "is delegated hash prefixes", "delegate paths to it instead")
            try:
                child = delegated_role_name(name)
            except InvalidRoleName as error:
                self._note(name, "is a name that no metadata file can have here", error.hint or "")
                continue
            word = delegation_of(role, document, child)
            if word is not None:
                yield child, word

    def _note(self, name: str, reason: str, mend: str) -> None:
        self.problems.append(Problem(name, reason, mend))

    def _file(
        self, role: RoleName, kind: type[_Signed], meta: MetaFile | None
    ) -> Document[_Signed]:
        """Return a role's metadata in the version that `meta` lists; raise `CannotImport`."""
        wanted = meta.version if meta else None
        seen: list[str] = []
        for name in metadata_names(role, wanted):
            data = self._bytes(self.place.metadata + name, _LARGEST.get(role, LARGEST_TARGETS))
            if data is None:
                continue
            document = _parsed(name, data, kind)
            if wanted in {None, document.signed.version}:
                _expect_meta(name, data, meta)
                return document
            seen.append(f"{name} is version {document.signed.version}")
        listed = f"version {wanted} is listed" if wanted else "is missing"
        raise CannotImport([Problem(f"{role}.json", "; ".join([listed, *seen]), _PUBLISH)])

    def _bytes(self, path: str, limit: int) -> bytes | None:
        try:
            return self.source.read(path, limit)
        except TooLong:
            reason = f"is longer than the {limit} bytes that clients take"
            raise CannotImport([Problem(path, reason, "make the role smaller first")]) from None


def _parsed(name: str, data: bytes, kind: type[_Signed]) -> Document[_Signed]:
    try:
        return parse_document(data, kind)
    except InvalidMetadata as error:
        mend = "replace what cannot be read in a new version, with the tools that made it"
        raise CannotImport([Problem(name, str(error), mend)]) from error


def _expect_meta(name: str, data: bytes, meta: MetaFile | None) -> None:
    if meta is None:
        return
    try:
        meta.verify_length_and_hashes(data)
    except LengthOrHashMismatchError as error:
        raise NotTrusted(name, f"is not what the metadata above lists: {error}") from error


def _expect_signed(
    document: Document[Timestamp] | Document[Snapshot] | Document[Targets],
    role: RoleName,
    word: Delegation,
) -> None:
    counted = tally(document, word, LocalKeys())
    if not counted.met:
        got, wanted = len(counted.signed), word.threshold
        raise NotTrusted(role, f"has {got} of {wanted} signatures by the keys of {word.delegator}")


def _word(root: Document[Root], role: RoleName) -> Delegation:
    word = delegation_of(ROOT, root, role)
    if word is None:
        raise NotTrusted(f"root {root.signed.version}", f"says nothing of {role}")
    return word
