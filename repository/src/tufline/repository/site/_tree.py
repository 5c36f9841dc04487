"""The delegation tree as a drawing: who delegates to the left of whom.

Sizes are in the drawing's own units, which are CSS pixels at full size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tufline.repository.format import RoleName
from tufline.repository.report import name
from tufline.repository.site._graph import Node, delegation_tree, walk
from tufline.repository.site._standing import Standing, standing
from tufline.repository.site._words import counted
from tufline.repository.status import RepositoryFacts

_COLUMN: Final = 190
_ROW: Final = 44
_EDGE: Final = 2
BOX: Final = (160, 32)
_LABEL: Final = 18
_LABEL_END: Final = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """One role in the drawing; `full` is its whole name, `label` what fits.

    `standing` is None for the box that stands for several roles.
    """

    x: float
    y: float
    label: str
    full: str
    standing: Standing | None
    online: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A curve, as SVG's path data. `second` is that of a role which hangs elsewhere already."""

    path: str
    second: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """The same role in the nested list."""

    name: str
    standing: Standing
    online: bool
    quorum: str
    others: tuple[str, ...]
    children: tuple["Item", ...]
    more: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """The tree, twice. `shown` says how much of it is drawn."""

    width: float
    height: float
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    top: Item
    shown: str


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float


def drawing(facts: RepositoryFacts) -> Drawing | None:
    """Return the drawing; None where there is no root."""
    tree = delegation_tree(facts)
    if tree is None:
        return None
    places, extra = _places(tree)
    nodes = walk(tree)
    boxes = (*(_box(node, places[node.role.name], facts) for node in nodes), *_more(extra))
    every = [*places.values(), *(place for place, _, _ in extra)]
    width, height = BOX
    return Drawing(
        width=max(place.x for place in every) + width + 2 * _EDGE,
        height=max(place.y for place in every) + height + 2 * _EDGE,
        box_width=width,
        box_height=height,
        boxes=boxes,
        edges=tuple(_edges(nodes, places, extra)),
        top=_item(tree, facts),
        shown=_shown(len(nodes), len(facts.roles)),
    )


_Extra = tuple[_Place, _Place, int]
"""Where the box for the hidden roles is, where that of their delegator is, and their number."""


def _places(tree: Node) -> tuple[dict[RoleName, _Place], list[_Extra]]:
    """Give each leaf a row of its own, and each other role the middle of its children."""
    places: dict[RoleName, _Place] = {}
    hidden: list[tuple[_Place, RoleName, int]] = []
    rows = iter(range(10**6))

    def place(node: Node) -> float:
        below = [place(child) for child in node.children]
        if node.hidden:
            below.append(float(next(rows)))
            hidden.append((_at(node.depth + 1, below[-1]), node.role.name, node.hidden))
        row = (below[0] + below[-1]) / 2 if below else float(next(rows))
        places[node.role.name] = _at(node.depth, row)
        return row

    place(tree)
    return places, [(at, places[delegator], number) for at, delegator, number in hidden]


def _at(depth: int, row: float) -> _Place:
    return _Place(_EDGE + depth * _COLUMN, _EDGE + row * _ROW)


def _box(node: Node, at: _Place, facts: RepositoryFacts) -> Box:
    full = name(node.role.name).text
    return Box(
        x=at.x,
        y=at.y,
        label=_fitting(full),
        full=full,
        standing=standing(node.role, facts.now),
        online=node.role.online,
    )


def _more(extra: Iterable[_Extra]) -> Iterator[Box]:
    for at, _, number in extra:
        label = f"{number:,} more"
        yield Box(x=at.x, y=at.y, label=label, full=counted(number, "more role"), standing=None)


def _edges(
    nodes: Iterable[Node], places: dict[RoleName, _Place], extra: Iterable[_Extra]
) -> Iterator[Edge]:
    for node in nodes:
        own = places[node.role.name]
        for child in node.children:
            yield Edge(path=_curve(own, places[child.role.name]), second=False)
        for other in node.others:
            yield Edge(path=_curve(places[other], own), second=True)
    for at, delegator, _ in extra:
        yield Edge(path=_curve(delegator, at), second=False)


def _curve(start: _Place, end: _Place) -> str:
    """Return an S from the right side of one box to the left side of another."""
    width, height = BOX
    left, top = start.x + width, start.y + height / 2
    middle, bottom = (left + end.x) / 2, end.y + height / 2
    return f"M{left:g} {top:g}C{middle:g} {top:g} {middle:g} {bottom:g} {end.x:g} {bottom:g}"


def _item(node: Node, facts: RepositoryFacts) -> Item:
    role = node.role
    return Item(
        name=name(role.name).text,
        standing=standing(role, facts.now),
        online=role.online,
        quorum=f"{role.threshold} of {len(role.signers)}",
        others=tuple(name(other).text for other in node.others),
        children=tuple(_item(child, facts) for child in node.children),
        more=counted(node.hidden, "more role") if node.hidden else None,
    )


def _fitting(text: str) -> str:
    if len(text) <= _LABEL:
        return text
    return f"{text[: _LABEL - _LABEL_END - 1]}…{text[-_LABEL_END:]}"


def _shown(drawn: int, everything: int) -> str:
    if drawn == everything:
        return counted(drawn, "role")
    return f"{drawn:,} of {counted(everything, 'role')}"
