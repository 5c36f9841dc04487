"""Which artifacts clients are asked for, where asking for all would take too long."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from tufline.repository.clients._interface import Wanted
from tufline.repository.format import Document
from tufline.repository.state import State

_Item = TypeVar("_Item")

_MOST: Final = 20


def wanted_artifacts(state: State, *, limit: int = _MOST) -> tuple[Wanted, ...]:
    """Return artifacts that the roles of `state` list, at most `limit`, by path.

    One of each role first, as far as they go; then a spread of the others. One that roles list
    with different hashes comes without: which of them counts is for the client to say.
    """
    listed: dict[str, Wanted] = {}
    firsts: dict[str, Wanted] = {}
    for each in _listed(state):
        known = listed.setdefault(each.path, each)
        if known.hashes != each.hashes:
            listed[each.path] = Wanted(path=known.path, role=known.role)
        firsts.setdefault(each.role, each)
    first = _spread(sorted({each.path for each in firsts.values()}), limit)
    others = _spread(sorted(listed.keys() - set(first)), limit - len(first))
    return tuple(listed[path] for path in sorted({*first, *others}))


def _listed(state: State) -> Iterator[Wanted]:
    for role in state.targets_roles():
        loaded = state.targets(role)
        if isinstance(loaded, Document):
            for path, target in sorted(loaded.signed.targets.items()):
                hashes: Mapping[str, str] = target.hashes
                yield Wanted(path=path, role=role, hashes=dict(hashes))


def _spread(items: Sequence[_Item], limit: int) -> Sequence[_Item]:
    if len(items) <= limit:
        return items
    return [items[place * len(items) // limit] for place in range(limit)]
