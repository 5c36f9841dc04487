"""Which roles a client asks for an artifact, and in which order.

This is the pre-order depth-first search of the TUF specification (5.6.7), over all delegations of
a state. A client stops at the first role that lists the artifact, and after 32 roles.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from tuf.api.metadata import DelegatedRole

from tufline.repository.format import TARGETS, Document, RoleName
from tufline.repository.state._delegations import delegated_names
from tufline.repository.state._state import LoadedTargets, State

LONGEST_LOOKUP: Final = 32
"""How many delegated roles clients ask at most (python-tuf `UpdaterConfig.max_delegations`)."""

_GLOB = re.compile(r"[*?\[]")


class Lookup:
    """The search for artifacts in one state. Reads only the roles that a search comes by."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._delegators: dict[RoleName, _Delegator] = {}
        self._listings: dict[RoleName, frozenset[str]] = {}
        self._answers: dict[str, tuple[RoleName, ...]] = {}
        self._rivals: dict[tuple[RoleName, str], tuple[frozenset[str], ...]] = {}
        self._owners: dict[str, RoleName | None] = {}

    def visited(self, artifact: str) -> tuple[RoleName, ...]:
        """Return the roles that a client would ask, in order, if none listed the artifact.

        The first is "targets". Roles after the 32nd delegated one (`LONGEST_LOOKUP`), which
        clients never ask, are included.
        """
        folder = artifact.rpartition("/")[0]
        if folder in self._answers:
            return self._answers[folder]
        visited = tuple(self._search(artifact, terminates=True))
        if all(self._delegator(role).only_folders_matter for role in visited):
            self._answers[folder] = visited
        return visited

    def reachable(self, artifact: str) -> frozenset[RoleName]:
        """Return the roles that may list the artifact, if no delegation ended the search."""
        return frozenset(self._search(artifact, terminates=False))

    def lists(self, role: RoleName, artifact: str) -> bool:
        """Whether the role's metadata lists the artifact."""
        return artifact in self._listing(role)

    def listers(self, artifact: str) -> tuple[RoleName, ...]:
        """Return the visited roles that list the artifact; clients get what the first one says."""
        return tuple([role for role in self.visited(artifact) if self.lists(role, artifact)])

    def only_finds(self, role: RoleName, artifact: str) -> bool:
        """Whether clients that look for the artifact ask `role`, in time, and nobody else lists it.

        Of the others, that is: whether `role` itself lists it is the caller's to know.
        """
        place = (role, artifact.rpartition("/")[0])
        rivals = self._rivals.get(place)
        if rivals is None:
            visited = self.visited(artifact)
            if role not in visited[: LONGEST_LOOKUP + 1]:
                return False
            rivals = tuple(self._listing(other) for other in visited if other != role)
            if place[1] in self._answers:
                self._rivals[place] = rivals
        return not any(artifact in listing for listing in rivals)

    def owner(self, artifact: str) -> RoleName | None:
        """Return the role that an artifact in git belongs to, or None if no role may list it.

        What lies directly in targets/ belongs to "targets", anything in a folder to the first
        delegated role that may list it.
        """
        folder, slash, _ = artifact.rpartition("/")
        if not slash:
            return TARGETS
        if folder in self._owners:
            return self._owners[folder]
        delegator = self._delegator(TARGETS)
        owner = next(iter(delegator.children(artifact)[0]), None)
        if delegator.only_folders_matter:
            self._owners[folder] = owner
        return owner

    def _listing(self, role: RoleName) -> frozenset[str]:
        if role not in self._listings:
            loaded = self._state.targets(role)
            listed = loaded.signed.targets if isinstance(loaded, Document) else ()
            self._listings[role] = frozenset(listed)
        return self._listings[role]

    def _search(self, artifact: str, *, terminates: bool) -> Iterator[RoleName]:
        visited: set[RoleName] = set()
        to_visit = [TARGETS]
        while to_visit:
            role = to_visit.pop()
            if role in visited:
                continue
            visited.add(role)
            yield role
            children, last = self._delegator(role).children(artifact)
            if terminates and last is not None:
                to_visit, children = [], children[: last + 1]
            to_visit.extend(reversed(children))

    def _delegator(self, role: RoleName) -> "_Delegator":
        if role not in self._delegators:
            self._delegators[role] = _Delegator(self._state.targets(role))
        return self._delegators[role]


class _Delegator:
    """One role's delegations, sorted by the first folder of their patterns.

    So a role with thousands of delegations answers for one path without trying all of them.

    Attributes:
        only_folders_matter: whether all artifacts of one folder get the same answer.
    """

    def __init__(self, loaded: LoadedTargets) -> None:
        self._by_folder: dict[str, dict[int, DelegatedRole]] = defaultdict(dict)
        self._anywhere: dict[int, DelegatedRole] = {}
        self._answers: dict[str, tuple[tuple[RoleName, ...], int | None]] = {}
        self.only_folders_matter = True
        for place, delegated in enumerate(_delegated_roles(loaded)):
            self._add(place, delegated)

    def children(self, artifact: str) -> tuple[tuple[RoleName, ...], int | None]:
        """Return the roles that may list the artifact, and which of them terminates the search.

        That one is given by its place, None where the search goes on after all of them.
        """
        if not self._by_folder and not self._anywhere:
            return (), None
        if not self.only_folders_matter:
            return self._match(artifact)
        folder = artifact.rpartition("/")[0]
        if folder not in self._answers:
            self._answers[folder] = self._match(artifact)
        return self._answers[folder]

    def _match(self, artifact: str) -> tuple[tuple[RoleName, ...], int | None]:
        near = self._by_folder.get(artifact.partition("/")[0], {})
        candidates = (each for _, each in sorted({**near, **self._anywhere}.items()))
        found = [each for each in candidates if may_list(each, artifact)]
        last = next((place for place, each in enumerate(found) if each.terminating), None)
        return tuple(RoleName(each.name) for each in found), last

    def _add(self, place: int, delegated: DelegatedRole) -> None:
        if delegated.paths is None:
            self.only_folders_matter = False
            self._anywhere[place] = delegated
        for pattern in delegated.paths or ():
            folder, slash, _ = pattern.partition("/")
            if not slash or _GLOB.search(folder):
                self._anywhere[place] = delegated
            else:
                self._by_folder[folder][place] = delegated
            if pattern.rpartition("/")[2] != "*":
                self.only_folders_matter = False


def may_list(terms: DelegatedRole, artifact: str) -> bool:
    """Whether a delegation on these terms covers the artifact."""
    # A name that is not UTF-8 has no hash, and python-tuf would raise; `path-name` refuses it.
    return terms.is_delegated_path(artifact.encode(errors="replace").decode())


def _delegated_roles(loaded: LoadedTargets) -> Iterator[DelegatedRole]:
    if not isinstance(loaded, Document) or loaded.signed.delegations is None:
        return
    roles = loaded.signed.delegations.roles or {}
    for name in delegated_names(loaded):
        yield roles[name]
