"""The drawn tree: every role once, whatever the delegations are."""

from dataclasses import replace

from tests.site.sample import FACTS, ROLES, below, crowd, role

from tufline.repository.site._graph import delegation_tree, walk
from tufline.repository.site._tree import Box, Drawing, drawing
from tufline.repository.status import RepositoryFacts, RoleFacts


def tree_of(*delegated: RoleFacts) -> RepositoryFacts:
    return replace(FACTS, roles=(*ROLES[:4], *delegated))


def drawn(facts: RepositoryFacts) -> Drawing:
    found = drawing(facts)
    assert found is not None
    return found


def boxes(facts: RepositoryFacts) -> dict[str, Box]:
    return {box.full: box for box in drawn(facts).boxes}


def test_who_delegates_stands_to_the_left() -> None:
    found = boxes(FACTS)
    columns = {name: round((box.x - 2) / 190) for name, box in found.items()}
    assert columns == {
        "root": 0, "targets": 1, "snapshot": 1, "timestamp": 1,
        "crates.example": 2, "pypi.example": 2, "npm.example.org": 2, "nightly": 3,
        "attestation-service-production-keys": 3, "trusted-publishers": 3, "revoked": 4,
    }  # fmt: skip


def test_boxes_do_not_overlap_and_lie_in_the_drawing() -> None:
    found = drawn(crowd(300))
    places = [(box.x, box.y) for box in found.boxes]
    for index, (x, y) in enumerate(places):
        assert 0 <= x <= found.width - found.box_width
        assert 0 <= y <= found.height - found.box_height
        near = [other for other in places[:index] if other[0] == x and abs(other[1] - y) < 44]
        assert near == []


def test_second_delegation_is_a_second_line_to_the_same_box() -> None:
    found, places = drawn(FACTS), boxes(FACTS)
    (second,) = [edge for edge in found.edges if edge.second]
    start, end = places["npm.example.org"], places["trusted-publishers"]
    assert second.path.startswith(f"M{start.x + 160:g} {start.y + 16:g}C")
    assert second.path.endswith(f" {end.x:g} {end.y + 16:g}")
    assert len(found.edges) == len(found.boxes)
    assert len(found.boxes) == len(FACTS.roles)


def test_list_says_the_same_as_the_drawing() -> None:
    top = drawn(FACTS).top
    targets = top.children[0]
    assert [child.name for child in top.children] == ["targets", "snapshot", "timestamp"]
    delegated = [child.name for child in targets.children]
    assert delegated == ["crates.example", "pypi.example", "npm.example.org"]
    shared = targets.children[1].children[-1]
    assert (shared.name, shared.others, shared.children[0].name) == (
        "trusted-publishers", ("npm.example.org",), "revoked",
    )  # fmt: skip


def test_long_names_are_cut_in_the_middle_and_whole_in_the_title() -> None:
    box = boxes(FACTS)["attestation-service-production-keys"]
    assert (box.label, len(box.label)) == ("attestatio…on-keys", 18)


def test_cycles_end() -> None:
    circle = (
        role("a", life=(-9, 5, 9), delegators=below("targets", "c")),
        role("b", life=(-9, 5, 9), delegators=below("a", "b")),
        role("c", life=(-9, 5, 9), delegators=below("b")),
    )
    assert [box.full for box in drawn(tree_of(*circle)).boxes] == [
        "root", "targets", "a", "b", "c", "snapshot", "timestamp",
    ]  # fmt: skip


def test_role_that_nobody_reaches_is_not_drawn_but_counted() -> None:
    lost = role("lost", life=(-9, 5, 9), delegators=below("gone"))
    assert drawn(tree_of(lost)).shown == "4 of 5 roles"


def test_long_chain_is_cut_and_says_so() -> None:
    chain = [role("r0", life=(-9, 5, 9), delegators=below("targets"))]
    chain += [
        role(f"r{each}", life=(-9, 5, 9), delegators=below(f"r{each - 1}"))
        for each in range(1, 3000)
    ]
    found = drawn(tree_of(*chain))
    assert found.shown == "8 of 3,004 roles"
    assert [box.full for box in found.boxes if box.standing is None] == ["1 more role"]


def test_crowd_is_cut_and_every_missing_role_is_counted() -> None:
    found = drawn(crowd(5000))
    assert found.shown == "28 of 5,004 roles"
    assert "2,488 more" in [box.label for box in found.boxes]


def test_no_tree_has_more_than_forty_roles() -> None:
    teams = [role(f"t{each}", life=(-9, 5, 9), delegators=below("targets")) for each in range(10)]
    parts = [
        role(f"t{each}-{part}", life=(-9, 5, 9), delegators=below(f"t{each}"))
        for each in range(10)
        for part in range(10)
    ]
    tree = delegation_tree(tree_of(*teams, *parts))
    assert tree is not None
    assert len(walk(tree)) == 40
    assert sum(node.hidden for node in walk(tree)) == 4 + 110 - 40


def test_no_root_no_tree() -> None:
    assert drawing(replace(FACTS, roles=ROLES[1:])) is None
