"""Which roles a client asks for an artifact, and in which order.

This is the pre-order depth-first search of the TUF specification (5.6.7), over all delegations of
a state. A client stops at the first role that lists the artifact, and after 32 roles.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole

from tufline.repository.format import TARGETS, Document, RoleName
from tufline.repository.state._delegations import delegated_names
from tufline.repository.state._state import LoadedTargets, State

_GLOB = re.compile(r"[*?\[]")


class Lookup:
    """The search for artifacts in one state. Reads only the roles that a search comes by."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._delegators: dict[RoleName, _Delegator] = {}

    def visited(self, artifact: str) -> tuple[RoleName, ...]:
        """Return the roles that a client would ask, in order, if none listed the artifact.

        The first is "targets". Roles after the 32nd, which clients never ask, are included.
        """
        visited: dict[RoleName, None] = {}
        to_visit = [TARGETS]
        while to_visit:
            role = to_visit.pop()
            if role in visited:
                continue
            visited[role] = None
            children, terminated = self._delegator(role).children(artifact)
            to_visit = [*(() if terminated else to_visit), *reversed(children)]
        return tuple(visited)

    def owner(self, artifact: str) -> RoleName | None:
        """Return the role that an artifact in git belongs to, or None if no role may list it.

        What lies directly in targets/ belongs to "targets", anything in a folder to the first
        delegated role that may list it.
        """
        if "/" not in artifact:
            return TARGETS
        visited = self.visited(artifact)
        return visited[1] if len(visited) > 1 else None

    def _delegator(self, role: RoleName) -> "_Delegator":
        if role not in self._delegators:
            self._delegators[role] = _Delegator(self._state.targets(role))
        return self._delegators[role]


class _Delegator:
    """One role's delegations, sorted by the first folder of their patterns.

    So a role with thousands of delegations answers for one path without trying all of them.
    """

    def __init__(self, loaded: LoadedTargets) -> None:
        self._by_folder: dict[str, dict[int, DelegatedRole]] = defaultdict(dict)
        self._anywhere: dict[int, DelegatedRole] = {}
        self._only_folders_matter = True
        self._answers: dict[str, tuple[tuple[RoleName, ...], bool]] = {}
        for place, delegated in enumerate(_delegated_roles(loaded)):
            self._add(place, delegated)

    def children(self, artifact: str) -> tuple[tuple[RoleName, ...], bool]:
        """Return whom to ask next, and whether the last of them terminates the search."""
        if not self._by_folder and not self._anywhere:
            return (), False
        if not self._only_folders_matter:
            return self._match(artifact)
        folder = artifact.rpartition("/")[0]
        if folder not in self._answers:
            self._answers[folder] = self._match(artifact)
        return self._answers[folder]

    def _match(self, artifact: str) -> tuple[tuple[RoleName, ...], bool]:
        near = self._by_folder.get(artifact.partition("/")[0], {})
        found: list[RoleName] = []
        for _, delegated in sorted({**near, **self._anywhere}.items()):
            if delegated.is_delegated_path(artifact):
                found.append(RoleName(delegated.name))
                if delegated.terminating:
                    return tuple(found), True
        return tuple(found), False

    def _add(self, place: int, delegated: DelegatedRole) -> None:
        if delegated.paths is None:
            self._only_folders_matter = False
            self._anywhere[place] = delegated
        for pattern in delegated.paths or ():
            folder, slash, _ = pattern.partition("/")
            if not slash or _GLOB.search(folder):
                self._anywhere[place] = delegated
            else:
                self._by_folder[folder][place] = delegated
            if pattern.rpartition("/")[2] != "*":
                self._only_folders_matter = False


def _delegated_roles(loaded: LoadedTargets) -> Iterator[DelegatedRole]:
    if not isinstance(loaded, Document) or loaded.signed.delegations is None:
        return
    roles = loaded.signed.delegations.roles or {}
    for name in delegated_names(loaded):
        yield roles[name]
