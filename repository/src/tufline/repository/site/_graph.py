"""Which roles the drawn tree holds. Each appears once, however many delegate to it."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tufline.repository.format import ROOT, RoleName
from tufline.repository.site._order import ordered
from tufline.repository.status import RepositoryFacts, RoleFacts

_MOST_NODES: Final = 40
_MOST_CHILDREN: Final = 12
_MOST_LEVELS: Final = 6


@dataclass(kw_only=True, slots=True)
class Node:
    """One role of the tree.

    Attributes:
        depth: 0 for root.
        hidden: how many further roles it delegates to, which are not in the tree.
        others: who else delegates to it, if they are in the tree.
    """

    role: RoleFacts
    depth: int
    children: list["Node"] = field(default_factory=list)
    hidden: int = 0
    others: list[RoleName] = field(default_factory=list)


def delegation_tree(facts: RepositoryFacts) -> Node | None:
    """Return the tree from root on, breadth first; None without a root.

    Whatever the delegations are, cycles included, this ends: each role is visited once.
    """
    below = _delegated(facts)
    root = next((role for role in ordered(facts) if role.name == ROOT), None)
    if root is None:
        return None
    nodes = {ROOT: Node(role=root, depth=0)}
    queue = deque(nodes.values())
    while queue:
        queue.extend(_grow(queue.popleft(), below, nodes))
    for node in nodes.values():
        _note_what_is_missing(node, below, nodes)
    return nodes[ROOT]


def walk(node: Node) -> list[Node]:
    """Return the node and all below it, each before its children."""
    return [node, *(each for child in node.children for each in walk(child))]


def _delegated(facts: RepositoryFacts) -> Mapping[RoleName, list[RoleFacts]]:
    below: dict[RoleName, list[RoleFacts]] = defaultdict(list)
    for role in ordered(facts):
        for delegator in role.delegators or (() if role.name == ROOT else (ROOT,)):
            below[delegator].append(role)
    return below


def _grow(
    node: Node, below: Mapping[RoleName, list[RoleFacts]], nodes: dict[RoleName, Node]
) -> list[Node]:
    """Give the node its children, as far as there is room."""
    if node.depth + 1 >= _MOST_LEVELS:
        return []
    room = min(_MOST_CHILDREN, _MOST_NODES - len(nodes))
    new = [role for role in below.get(node.role.name, ()) if role.name not in nodes][:room]
    node.children = [Node(role=role, depth=node.depth + 1) for role in new]
    nodes.update((child.role.name, child) for child in node.children)
    return node.children


def _note_what_is_missing(
    node: Node, below: Mapping[RoleName, list[RoleFacts]], nodes: Mapping[RoleName, Node]
) -> None:
    """Count the roles that have no node, and tell those that hang elsewhere of this delegator."""
    own = {child.role.name for child in node.children}
    for role in below.get(node.role.name, ()):
        if role.name not in nodes:
            node.hidden += 1
        elif role.name not in own:
            nodes[role.name].others.append(node.role.name)
