"""Which artifacts clients are asked for, where asking for all would take too long."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Final, TypeVar

from tufline.repository.clients._interface import Wanted
from tufline.repository.clients._reach import Reach
from tufline.repository.format import Document
from tufline.repository.state import State

_Item = TypeVar("_Item")

_MOST: Final = 20
_TRIED: Final = 3


# A state does not change, and a publication lets several clients try the same one.
@lru_cache(maxsize=1)
def wanted_artifacts(state: State, *, now: datetime, limit: int = _MOST) -> tuple[Wanted, ...]:
    """Return artifacts that clients get of `state` at a time, at most `limit`, by path.

    One of each role first, as far as they go; then a spread of the others. Those that no client
    gets are left out: behind a role that has ended, say.
    """
    listed = _listed(state)
    first = sorted({paths[0] for paths in listed if paths})
    others = sorted({path for paths in listed for path in paths[1:]}.difference(first))
    more = spread([*first, *others], _TRIED * limit)  # in place of those that no client gets
    paths = dict.fromkeys([*spread(first, limit), *spread(others, limit), *more])
    reach = Reach(state, now)
    found = (each for path in paths if (each := reach.wanted(path)))
    return tuple(sorted(islice(found, limit), key=lambda each: each.path))


def spread(items: Sequence[_Item], most: int) -> Sequence[_Item]:
    """Return at most so many of the items, from all over them."""
    if len(items) <= most:
        return items
    return [items[place * len(items) // most] for place in range(most)]


def _listed(state: State) -> list[list[str]]:
    """Return what each role lists, sorted."""
    loaded = (state.targets(role) for role in state.targets_roles())
    return [sorted(each.signed.targets) for each in loaded if isinstance(each, Document)]
