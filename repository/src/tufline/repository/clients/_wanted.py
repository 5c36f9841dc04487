"""Which artifacts clients are asked for, where asking for all would take too long."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeVar

from tufline.repository.clients._interface import Wanted
from tufline.repository.clients._reach import Reach
from tufline.repository.format import Document, RoleName
from tufline.repository.state import State

_Item = TypeVar("_Item")

_MOST: Final = 20
_TRIED: Final = 3


# A state does not change, and a publication lets several clients try the same one.
@lru_cache(maxsize=1)
def wanted_artifacts(state: State, *, now: datetime, limit: int = _MOST) -> tuple[Wanted, ...]:
    """Return artifacts that clients get of `state` at a time, at most `limit`, by path.

    One of each role first, as far as they go, of roles from all over; then a spread of the others.
    Those that no client gets are left out: behind a role that has ended, say.
    """
    reach = Reach(state, now)
    found: dict[str, Wanted] = {}
    for path in _candidates(state, limit):
        if path not in found and (wanted := reach.wanted(path)):
            found[path] = wanted
        if len(found) == limit:
            break
    return tuple(found[path] for path in sorted(found))


def _candidates(state: State, limit: int) -> Iterator[str]:
    """Yield paths, the best first. Roles are read as they are needed."""
    roles = state.targets_roles()
    others: list[str] = []
    for role in dict.fromkeys([*spread(roles, limit), *roles]):
        first, *more = _listed(state, role) or (None,)
        others += spread(more, _TRIED * limit)  # in place of those that no client gets
        if first is not None:
            yield first
    yield from (*spread(sorted(others), limit), *others)


def spread(items: Sequence[_Item], most: int) -> Sequence[_Item]:
    """Return at most so many of the items, from all over them."""
    if len(items) <= most:
        return items
    return [items[place * len(items) // most] for place in range(most)]


def _listed(state: State, role: RoleName) -> list[str]:
    """Return what the role lists, sorted."""
    loaded = state.targets(role)
    return sorted(loaded.signed.targets) if isinstance(loaded, Document) else []
