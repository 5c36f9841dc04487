"""The differences of two JSON values, leaf by leaf. Knows nothing of metadata.

A leaf is a text, a number, true, false, null, or an empty list or object. Lists are compared index
by index. Two leaves are the same only if their JSON is: 1, true and "1" are three values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias


class Absent(Enum):
    """The type of `ABSENT`: there is nothing, not even null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

JsonPath: TypeAlias = tuple[str | int, ...]
"""Where in a JSON value: names of objects' members and indexes of lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One changed leaf of a file: at least one side is there, and the two sides differ.

    Attributes:
        before: the JSON value, or ABSENT.
        after: the JSON value, or ABSENT.
        explained: whether a fact about the file says in words all that the leaf says.
    """

    path: JsonPath
    before: object
    after: object
    explained: bool = False


def changed_leaves(before: object, after: object, path: JsonPath = ()) -> Iterator[Leaf]:
    """Yield the leaves in which two JSON values, or ABSENT, differ. `path` is where they lie."""
    to_visit = [(path, before, after)]  # not recursive: JSON may nest as deeply as our own stack
    while to_visit:
        place, old, new = to_visit.pop()
        old_leaf, new_leaf = _own_leaf(old), _own_leaf(new)
        if not _same(old_leaf, new_leaf):
            yield Leaf(path=place, before=old_leaf, after=new_leaf)
        old_members, new_members = _members(old), _members(new)
        to_visit.extend(
            ((*place, name), old_members.get(name, ABSENT), new_members.get(name, ABSENT))
            for name in reversed({**old_members, **new_members})
        )


def _own_leaf(value: object) -> object:
    return ABSENT if isinstance(value, dict | list) and value else value


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _members(value: object) -> Mapping[str | int, object]:
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, list) else {}
