"""One place in a file, before and after: what the describers look at, and what they answer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from tufline.repository.changes._facts import Fact, Reordered, ValueChanged
from tufline.repository.changes._leaves import ABSENT, JsonPath, Leaf, changed_leaves

T = TypeVar("T")


class Described(NamedTuple):
    """A fact, and the places below which it says everything. A claim too many hides a change."""

    fact: Fact
    claims: tuple[JsonPath, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two JSON values, or ABSENT, found at the same place."""

    path: JsonPath
    before: object
    after: object

    def child(self, name: str) -> "Pair":
        """Return the member of that name; ABSENT on a side that is no object."""
        return Pair((*self.path, name), _member(self.before, name), _member(self.after, name))

    def children(self) -> "Iterator[tuple[str, Pair]]":
        """Yield the members of both objects by name, those of before first."""
        for name in {**_object(self.before), **_object(self.after)}:
            yield name, self.child(name)

    def leaves(self) -> Iterator[Leaf]:
        """Yield the changed leaves."""
        return changed_leaves(self.before, self.after, self.path)

    @property
    def changed(self) -> bool:
        """Whether the two differ at all."""
        return next(self.leaves(), None) is not None

    def values(self, kind: type[T]) -> tuple[T | None, T | None] | None:
        """Return both values, None for ABSENT; or None if they are equal or not of that type."""
        both = (self.before, self.after)
        if any(side is not ABSENT and type(side) is not kind for side in both):
            return None
        if not self.changed:
            return None
        before, after = (side if isinstance(side, kind) else None for side in both)
        return before, after

    def names(self) -> tuple[list[str], list[str]] | None:
        """Return both lists of unique texts, empty for ABSENT; or None if they are not that."""
        before, after = _names(self.before), _names(self.after)
        return None if before is None or after is None else (before, after)

    def members(self, key: str) -> tuple[dict[str, object], dict[str, object]] | None:
        """Return both lists of objects by their unique `key`; or None if they are not that."""
        before, after = _by_key(self.before, key), _by_key(self.after, key)
        return None if before is None or after is None else (before, after)

    @property
    def list_is_told_by_names(self) -> bool:
        """Whether naming what came and went says all: an emptied list is not an absent one."""
        return self.after is ABSENT or bool(self.after)


def claimed(path: JsonPath, claims: frozenset[JsonPath]) -> bool:
    """Whether the place lies at or below one of the claims."""
    return any(path[:depth] in claims for depth in range(len(path) + 1))


def with_the_rest(pair: Pair, described: Iterable[Described]) -> Iterator[Described]:
    """Yield what is described, then a `ValueChanged` for each leaf that nothing claims."""
    known = tuple(described)
    yield from known
    claims = frozenset(path for each in known for path in each.claims)
    for leaf in pair.leaves():
        if not claimed(leaf.path, claims):
            yield unknown(leaf)


def unknown(leaf: Leaf) -> Described:
    """Describe a leaf of which we only know where it is."""
    fact = ValueChanged(path=leaf.path, before=leaf.before, after=leaf.after)
    return Described(fact, (leaf.path,))


def describe_names(
    pair: Pair, gone: Callable[[str], Fact], come: Callable[[str], Fact]
) -> Iterator[Described]:
    """Describe a list of unique names: which went, which came, and the order if it matters."""
    lists = pair.names()
    if lists is None:
        return
    before, after = dict.fromkeys(lists[0]), dict.fromkeys(lists[1])
    claims = (pair.path,) if pair.list_is_told_by_names else ()
    yield from (Described(gone(name), claims) for name in before if name not in after)
    yield from (Described(come(name), claims) for name in after if name not in before)
    if not order_is_told(before, list(after)):
        yield Described(Reordered(path=pair.path, order=tuple(after)), claims)


def order_is_told(before: Iterable[str], after: list[str]) -> bool:
    """Whether `after` is `before` without what went, and then what came."""
    old = dict.fromkeys(before)
    stayed = set(old) & set(after)
    return after == [*(name for name in old if name in stayed), *_new(after, stayed)]


def _new(after: list[str], stayed: set[str]) -> Iterator[str]:
    return (name for name in after if name not in stayed)


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _member(value: object, name: str) -> object:
    return _object(value).get(name, ABSENT)


def _names(value: object) -> list[str] | None:
    if value is ABSENT:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return None
    return value if len(set(value)) == len(value) else None


def _by_key(value: object, key: str) -> dict[str, object] | None:
    if value is ABSENT:
        return {}
    if not isinstance(value, list):
        return None
    found = {name: item for item in value if isinstance(name := _member(item, key), str)}
    return found if len(found) == len(value) else None
