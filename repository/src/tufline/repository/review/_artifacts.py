"""The artifacts of a change: which there are, who lists them, which of them are to be judged.

An artifact is judged where its file, its entry in metadata, or the search that leads clients to
that entry differs from known good; when everything is judged, always. So the cost of an event
follows what it changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tuf.api.metadata import DelegatedRole, TargetFile, Targets

from tufline.repository.format import TARGETS, Document, RoleName, artifact_of_path, artifact_path
from tufline.repository.state import (
    PLAIN,
    Difference,
    Entry,
    Loaded,
    delegated_names,
    may_list,
)

if TYPE_CHECKING:
    from tufline.repository.review._case import Case, RoleCase

_NOTHING: Final[Mapping[str, Entry]] = MappingProxyType({})
_GLOB: Final = frozenset("*?[")


class ArtifactCase:
    """The artifacts of one change."""

    def __init__(self, case: "Case") -> None:
        self._case = case
        self._not_straight: dict[RoleName, tuple[tuple[RoleName, str], ...]] = {}

    @cached_property
    def changed(self) -> Mapping[str, Difference]:
        """The artifacts whose files are not as in known good."""
        found = ((artifact_of_path(path), each) for path, each in self._case.differences.items())
        return {artifact: each for artifact, each in found if artifact is not None}

    @cached_property
    def by_owner(self) -> Mapping[RoleName | None, Mapping[str, Entry]]:
        """The files to judge, changed ones or all, by the role that owns them; None: nobody."""
        found: dict[RoleName | None, dict[str, Entry]] = defaultdict(dict)
        lookup = self._case.lookup
        for entry in self._case.entries:
            artifact = artifact_of_path(entry.path)
            if artifact is not None:
                found[lookup.owner(artifact)][artifact] = entry
        return found

    def owned(self, role: RoleName) -> Mapping[str, Entry]:
        """Return the files to judge that belong to `role`."""
        return self.by_owner.get(role, _NOTHING)

    def file(self, artifact: str, role: RoleName) -> Entry | None:
        """Return the plain file of an artifact that `role` lists, or None if there is none."""
        entry = self.owned(role).get(artifact)
        entry = entry or self._case.event.files.find(artifact_path(artifact))
        return entry if entry and entry.kind in PLAIN else None

    def without_file(self, artifacts: Iterable[str], role: RoleName) -> Iterator[str]:
        """Yield those of `artifacts`, which `role` lists, that have no plain file."""
        at_hand = self.owned(role)
        for artifact in artifacts:
            is_there = artifact in at_hand and at_hand[artifact].kind in PLAIN
            if not is_there and self.file(artifact, role) is None:
                yield artifact

    def not_straight(self, role: "RoleCase") -> tuple[tuple[RoleName, str], ...]:
        """Return the judged listings, role and artifact, that clients may fail to find.

        That is all but those of which the role is the only one that clients would ask, in time,
        and that lists the artifact. Rules say what is wrong. Judged are the role's own listings
        where its file changed; in an event also those of any role that clients may now find
        another way, since this role delegates otherwise.
        """
        if role.name not in self._not_straight:
            found = self._listings(role)
            self._not_straight[role.name] = tuple(
                (lister, artifact)
                for lister, artifact in found
                if not self._is_straight(lister, artifact)
            )
        return self._not_straight[role.name]

    def searched_anew(self, role: "RoleCase") -> tuple[str, ...]:
        """Return the artifacts for which the role, in an event, asks other roles than before."""
        if self._case.whole or not role.changed or not isinstance(role.after, Document):
            return ()
        terms = _changed_terms(role.before, role.after)
        folders = {_folder_of(pattern) for each in terms for pattern in each.paths or ("*",)}
        found = (
            artifact
            for artifact in self._below(folders)
            if any(may_list(each, artifact) for each in terms)
        )
        return tuple(found)

    def _listings(self, role: "RoleCase") -> Iterator[tuple[RoleName, str]]:
        if role.judged_in_full and role.name in self._case.graph.delegators:
            yield from ((role.name, artifact) for artifact in listed(role.after))
        for artifact in self.searched_anew(role):
            before, after = self._case.base_lookup, self._case.lookup
            concerned = dict.fromkeys((*before.listers(artifact), *after.listers(artifact)))
            yield from ((each, artifact) for each in concerned if after.lists(each, artifact))

    def _is_straight(self, lister: RoleName, artifact: str) -> bool:
        if lister == TARGETS and "/" in artifact:
            return False
        return self._case.lookup.only_finds(lister, artifact)

    def _below(self, folders: set[str]) -> Iterator[str]:
        for folder in ("",) if "" in folders else sorted(folders):
            below = (artifact_of_path(each.path) for each in self._case.event.artifacts(folder))
            yield from (artifact for artifact in below if artifact is not None)


def listed(loaded: Loaded) -> Mapping[str, TargetFile]:
    """Return what targets-type metadata lists, by artifact; nothing where it is no such thing."""
    if not isinstance(loaded, Document) or not isinstance(loaded.signed, Targets):
        return {}
    return loaded.signed.targets


def _changed_terms(before: Loaded, after: Loaded) -> list[DelegatedRole]:
    """Return the delegations, as they were and as they are, that lead other searches elsewhere.

    That is those that are new, gone, moved, or that differ in their paths or in `terminating`.
    """
    old, new = _terms(before), _terms(after)
    order_before = [name for name in old if name in new]
    order_after = [name for name in new if name in old]
    pairs = zip(order_before, order_after, strict=True)
    moved = {name for pair in pairs if pair[0] != pair[1] for name in pair}
    differing = (
        name
        for name in old | new
        if name in moved or _search_of(old.get(name)) != _search_of(new.get(name))
    )
    return [terms[name] for name in differing for terms in (old, new) if name in terms]


def _terms(loaded: Loaded) -> dict[RoleName, DelegatedRole]:
    if not isinstance(loaded, Document) or not isinstance(loaded.signed, Targets):
        return {}
    delegations = loaded.signed.delegations
    roles = (delegations.roles if delegations else None) or {}
    return {name: roles[name] for name in delegated_names(loaded)}


def _search_of(terms: DelegatedRole | None) -> object:
    return terms and (terms.paths, terms.path_hash_prefixes, terms.terminating)


def _folder_of(pattern: str) -> str:
    """Return the one folder of targets/ that the pattern is about; "" if it is not about one."""
    folder, slash, _ = pattern.partition("/")
    return folder if slash and _GLOB.isdisjoint(folder) else ""
