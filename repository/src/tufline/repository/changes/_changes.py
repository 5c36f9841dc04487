"""The changes of a whole event, file by file."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from tufline.repository.changes._facts import (
    CopyOf,
    Fact,
    FileRemoved,
    InvitationAccepted,
    InvitationWithdrawn,
)
from tufline.repository.changes._inside import Inside, NotShown, inside, not_looked_into
from tufline.repository.changes._key_facts import KeyReplaced, SignerAdded
from tufline.repository.changes._leaves import ABSENT, Leaf
from tufline.repository.changes._metadata import describe_metadata, describe_state_file
from tufline.repository.changes._pair import Described, Pair, claimed
from tufline.repository.changes._signers import Directory, Keyring, Rings
from tufline.repository.format import (
    INVITATIONS_PATH,
    ONLINE_ROLES,
    ROOT,
    InvalidJson,
    RoleName,
    historic_root_version,
    is_below_attestations,
    metadata_path,
    parse_json,
    role_of_path,
)
from tufline.repository.state import (
    LARGEST_TARGETS,
    PLAIN,
    Difference,
    Entry,
    Files,
    Kind,
    Loaded,
    State,
    adopted_roles,
    same,
)

_MOST_LOOKED_INTO: Final = 100  # files of one change


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What lies at a path. Sizes are in bytes; the digest is SHA-256, in hex."""

    kind: Kind
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileChange:
    """A changed path that is no metadata: an artifact, or anything else. None: not there.

    `inside` is what differs inside of it, as far as people can read that.
    """

    path: str
    before: Content | None
    after: Content | None
    inside: tuple[Inside, ...] = ()

    @property
    def not_shown(self) -> NotShown | None:
        """What of its inside is left out, if anything."""
        last = self.inside[-1] if self.inside else None
        return last if isinstance(last, NotShown) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class MetadataChange:
    """A changed metadata file, or the changed state file.

    Attributes:
        role: whose metadata it is; root for its old versions, None for the state file.
        facts: what is meant, as far as we know it.
        leaves: all changed leaves of the JSON; those that no fact tells are not `explained`.
        unread: why a side cannot be compared leaf by leaf, None if both can. Then only `before`
            and `after` tell of that side. They also tell all where no leaf differs: another kind
            of file, or the same JSON written another way.
    """

    path: str
    role: RoleName | None
    before: Content | None
    after: Content | None
    facts: tuple[Fact, ...]
    leaves: tuple[Leaf, ...]
    unread: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """All changed paths: metadata by role, root first, then other files by path."""

    metadata: tuple[MetadataChange, ...] = ()
    files: tuple[FileChange, ...] = ()


def changes_between(
    base: State, event: State, differences: Iterable[Difference] | None = None
) -> Changes:
    """Return what differs from `base` to `event`: in `differences`, or in all paths.

    Whatever the files hold, there is an answer. Only changed files are read, and the delegators
    that say whose key signed them.
    """
    found = tuple(event.files.since(base.files) if differences is None else differences)
    adopted = _adopted(base, event, found)
    found = (*(each for each in found if each.path not in adopted), *adopted.values())
    comparison = _Comparison(base, event)
    metadata = [comparison.metadata(each) for each in found if _is_metadata(each.path)]
    others = sorted((each for each in found if not _is_metadata(each.path)), key=_path)
    files = [
        comparison.file(each, look_inside=number < _MOST_LOOKED_INTO)
        for number, each in enumerate(others)
    ]
    return Changes(
        metadata=tuple(_with_acceptances(sorted(metadata, key=_rank))),
        files=tuple(files),
    )


def _adopted(base: State, event: State, differences: Iterable[Difference]) -> dict[str, Difference]:
    """Return the metadata that comes into force and lay in `base` unseen: all of it is news."""
    changed = (role_of_path(each.path) for each in differences)
    people = (role for role in changed if role is not None and role not in ONLINE_ROLES)
    paths = sorted(map(metadata_path, adopted_roles(base, event, people)))
    return {path: Difference(path, None, event.files.find(path)) for path in paths}


class _Comparison:
    """Two states, compared one path at a time."""

    def __init__(self, base: State, event: State) -> None:
        self._base = base
        self._event = event
        self._directory = Directory(base, event)

    def file(self, change: Difference, *, look_inside: bool) -> FileChange:
        before = _read(self._base.files, change.before)
        after = _read(self._event.files, change.after)
        return FileChange(
            path=change.path,
            before=_content(change.before, before),
            after=_content(change.after, after),
            inside=_inside(change, before, after, by=inside if look_inside else not_looked_into),
        )

    def metadata(self, change: Difference) -> MetadataChange:
        pair, unread = self._pair(change)
        described = tuple(self._describe(change, pair))
        claims = frozenset(path for each in described for path in each.claims)
        leaves = (replace(leaf, explained=claimed(leaf.path, claims)) for leaf in pair.leaves())
        return MetadataChange(
            path=change.path,
            role=_role(change.path),
            before=_content(change.before, _read(self._base.files, change.before)),
            after=_content(change.after, _read(self._event.files, change.after)),
            facts=tuple(each.fact for each in described),
            leaves=tuple(leaves),
            unread=unread,
        )

    def _pair(self, change: Difference) -> tuple[Pair, str | None]:
        before, before_fault = _json(self._base.files, change.before)
        after, after_fault = _json(self._event.files, change.after)
        if after_fault:  # then what went is no news either: the bytes count
            return Pair((), ABSENT, ABSENT), f"after the change: {after_fault}"
        fault = before_fault and f"before the change: {before_fault}"
        return Pair((), before, after), fault

    def _describe(self, change: Difference, pair: Pair) -> Iterator[Described]:
        if self._copies_root(change):
            return iter([Described(CopyOf(path=metadata_path(ROOT)), ((),))])
        if change.after is None and change.path != INVITATIONS_PATH:
            return iter([Described(FileRemoved(), ((),))])
        if change.path == INVITATIONS_PATH:
            return describe_state_file(pair)
        before = _load(self._base, change.path) if change.before else None
        after = _load(self._event, change.path)
        return describe_metadata(pair, Rings(Keyring(before), Keyring(after)), self._directory)

    def _copies_root(self, change: Difference) -> bool:
        """Whether this is the copy of a new root, whose own changes tell everything."""
        root = metadata_path(ROOT)
        before, after = self._base.files.find(root), self._event.files.find(root)
        if historic_root_version(change.path) is None or change.before or not change.after:
            return False
        return after is not None and same(change.after, after) and not same(before, after)


def _with_acceptances(changes: list[MetadataChange]) -> Iterator[MetadataChange]:
    """Tell the invitations that a new key answers from those that were withdrawn."""
    keys = {pair for change in changes for fact in change.facts for pair in _new_signer(fact)}
    for change in changes:
        yield replace(change, facts=tuple(_accepted(fact, keys) for fact in change.facts))


def _new_signer(fact: Fact) -> Iterator[tuple[str, str]]:
    match fact:
        case SignerAdded(role=role, signer=signer) | KeyReplaced(role=role, after=signer):
            yield signer.label, role
        case _:
            return


def _accepted(fact: Fact, keys: set[tuple[str, str]]) -> Fact:
    if isinstance(fact, InvitationWithdrawn) and (fact.person, fact.role) in keys:
        return InvitationAccepted(person=fact.person, role=fact.role)
    return fact


def _json(files: Files, entry: Entry | None) -> tuple[object, str | None]:
    """Return the JSON at `entry`, or ABSENT and why there is none to compare."""
    if entry is None:
        return ABSENT, None
    if entry.kind not in PLAIN:
        return ABSENT, f"a {entry.kind}"
    data = files.read(entry)
    if len(data) > LARGEST_TARGETS:
        return ABSENT, "larger than any metadata that clients accept"
    try:
        return parse_json(data), None
    except InvalidJson as error:
        return ABSENT, str(error)


def _path(change: Difference) -> str:
    return change.path


def _read(files: Files, entry: Entry | None) -> bytes:
    return b"" if entry is None else files.read(entry)


def _content(entry: Entry | None, data: bytes) -> Content | None:
    if entry is None:
        return None
    digest = hashlib.sha256(data).hexdigest()
    return Content(kind=entry.kind, size=len(data), sha256=digest)


def _inside(
    change: Difference, before: bytes, after: bytes, *, by: Callable[..., tuple[Inside, ...]]
) -> tuple[Inside, ...]:
    """Return what differs inside, as `by` sees it; a link or a submodule has no inside.

    Of an attestation neither: review says what it proves, and its certificates say no more.
    """
    if is_below_attestations(change.path):
        return ()
    old, new = (
        data if entry is not None and entry.kind in PLAIN else None
        for entry, data in ((change.before, before), (change.after, after))
    )
    return by(old, new) if old != new else ()


def _load(state: State, path: str) -> Loaded:
    version, role = historic_root_version(path), role_of_path(path)
    if version is not None:
        return state.historic_root(version)
    return None if role is None or role in ONLINE_ROLES else state.role(role)


def _is_metadata(path: str) -> bool:
    return path == INVITATIONS_PATH or _role(path) is not None


def _role(path: str) -> RoleName | None:
    return ROOT if historic_root_version(path) is not None else role_of_path(path)


def _rank(change: MetadataChange) -> tuple[int, str]:
    order = {"metadata/root.json": 0, "metadata/targets.json": 2}
    historic = historic_root_version(change.path) is not None
    return (1 if historic else order.get(change.path, 3), change.path)
