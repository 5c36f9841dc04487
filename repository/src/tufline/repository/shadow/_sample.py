"""Which artifacts clients are to download: some that change, and some of the others."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, TypeVar

from tuf.api.metadata import TargetFile

from tufline.repository.clients import Wanted
from tufline.repository.format import TARGETS, Document, RoleName
from tufline.repository.state import LONGEST_LOOKUP, Lookup, State

_MOST_ARTIFACTS: Final = 20
_MOST_ROLES: Final = 10
_TRIED_OF_A_ROLE: Final = 3
_LARGEST: Final = 10_000_000
_Any = TypeVar("_Any")


def sample(
    proposed: State,
    known_good: State | None,
    changed: Iterable[RoleName],
    roles: Iterable[RoleName],
    *,
    now: datetime,
) -> tuple[Wanted, ...]:
    """Return at most 20 artifacts, those first that the event adds or changes.

    Left out are artifacts that no client gets: listed by a role that is not asked first, behind one
    that is expired (review says so), and very large ones.
    """
    reach = _Reach(proposed, now)
    new = [each for role in changed for each in _changed(proposed, known_good, role)]
    wanted = dict(reach.wanted(new))
    others = (role for role in roles if role != TARGETS)
    for role in (TARGETS, *spread(sorted(others), _MOST_ROLES)):
        listed = sorted(_listed(proposed, role))
        wanted |= dict(reach.wanted((role, path) for path in spread(listed, _TRIED_OF_A_ROLE)))
    return tuple(wanted.values())[:_MOST_ARTIFACTS]


def spread(items: list[_Any], most: int) -> list[_Any]:
    """Return at most so many of the items, from all over them."""
    if len(items) <= most:
        return items
    return [items[place * len(items) // most] for place in range(most)]


class _Reach:
    """Which artifacts clients get, looking at each role once."""

    def __init__(self, state: State, now: datetime) -> None:
        self._state = state
        self._lookup = Lookup(state)
        self._now = now
        self._expired: dict[RoleName, bool] = {}

    def wanted(self, artifacts: Iterable[tuple[RoleName, str]]) -> Iterator[tuple[str, Wanted]]:
        """Yield those of the artifacts that clients get, a spread of them, by path."""
        for role, path in spread(list(artifacts), _MOST_ARTIFACTS):
            target = _listed(self._state, role).get(path)
            if target is not None and target.length <= _LARGEST and self._gets(role, path):
                yield path, Wanted(path=path, role=role, hashes=dict(target.hashes))

    def _gets(self, role: RoleName, path: str) -> bool:
        visited = self._lookup.visited(path)[: LONGEST_LOOKUP + 1]
        first = next((each for each in visited if self._lookup.lists(each, path)), None)
        if first != role:
            return False
        return not any(map(self._is_expired, visited[: visited.index(role) + 1]))

    def _is_expired(self, role: RoleName) -> bool:
        if role not in self._expired:
            loaded = self._state.targets(role)
            self._expired[role] = not isinstance(loaded, Document) or loaded.signed.is_expired(
                self._now
            )
        return self._expired[role]


def _changed(
    proposed: State, known_good: State | None, role: RoleName
) -> Iterator[tuple[RoleName, str]]:
    """Yield the artifacts that the role lists anew, or with other hashes."""
    before = _listed(known_good, role) if known_good else {}
    for path, target in sorted(_listed(proposed, role).items()):
        if path not in before or before[path].hashes != target.hashes:
            yield role, path


def _listed(state: State, role: RoleName) -> Mapping[str, TargetFile]:
    loaded = state.targets(role)
    return loaded.signed.targets if isinstance(loaded, Document) else {}
