"""The search for an artifact is the one that clients make (TUF specification, 5.6.7)."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.state.delegating import state_of, targets_of, terms
from tests.state.trees import Counted
from tuf.api.metadata import DelegatedRole, Targets

from tufline.repository.format import RoleName
from tufline.repository.state import Lookup, State, may_list

ROLES = ("a", "b", "c", "d", "e")
PATTERNS = ("*", "*/*", "x/*", "x/*/*", "x/1", "x/?", "x/[12]", "[xy]/*", "y/*", "X/*", "x*/1", "z")
ARTIFACTS = ("x/1", "x/2", "x/sub/1", "y/1", "X/1", "z", "file", "x/11", "\udcff/1")
HASHES = ("", "0", "00", "7f", "a", "ff")

paths = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3)
by_paths = st.builds(
    lambda name, paths, last: terms(name, *paths, terminating=last),
    st.sampled_from(ROLES),
    paths,
    st.booleans(),
)
by_hashes = st.builds(
    lambda name, prefixes: DelegatedRole(
        name, [], 1, terminating=False, path_hash_prefixes=prefixes
    ),
    st.sampled_from(ROLES),
    st.lists(st.sampled_from(HASHES), min_size=1, max_size=2),
)
delegations = st.lists(
    st.one_of(by_paths, by_paths, by_hashes), max_size=4, unique_by=lambda each: each.name
)
graphs = st.tuples(delegations, st.dictionaries(st.sampled_from(ROLES), delegations)).map(
    lambda found: {"targets": found[0], **found[1]}
)


def walk(roles: Mapping[str, Targets], artifact: str, *, stop: bool = True) -> list[str]:
    """Search as python-tuf's client does, over all roles it would ask if none had the artifact."""
    visited: list[str] = []
    waiting = ["targets"]
    while waiting:
        name = waiting.pop()
        if name in visited:
            continue
        visited.append(name)
        role = roles.get(name)
        children: list[str] = []
        if role is not None and role.delegations is not None:
            for child, terminating in role.delegations.get_roles_for_target(artifact):
                children.append(child)
                if terminating and stop:
                    waiting = []
                    break
        waiting.extend(reversed(children))
    return visited


@given(graphs)
def test_roles_are_asked_in_the_order_of_the_client(graph: dict[str, list[DelegatedRole]]) -> None:
    lookup = Lookup(state_of(graph))
    roles = {name: targets_of(delegated) for name, delegated in graph.items()}
    for artifact in ARTIFACTS[:-1]:
        assert list(lookup.visited(artifact)) == walk(roles, artifact)
        assert lookup.visited(artifact) == lookup.visited(artifact)


@given(graphs)
def test_reachable_are_the_roles_of_a_client_that_no_one_stops(
    graph: dict[str, list[DelegatedRole]],
) -> None:
    lookup = Lookup(state_of(graph))
    roles = {name: targets_of(delegated) for name, delegated in graph.items()}
    for artifact in ARTIFACTS[:-1]:
        assert lookup.reachable(artifact) == set(walk(roles, artifact, stop=False))


@given(graphs, st.permutations(ARTIFACTS))
def test_answers_do_not_depend_on_what_was_asked_before(
    graph: dict[str, list[DelegatedRole]], order: list[str]
) -> None:
    state = state_of(graph)
    asked = Lookup(state)
    for artifact in order:
        fresh = Lookup(state)
        assert asked.visited(artifact) == fresh.visited(artifact)
        assert asked.owner(artifact) == fresh.owner(artifact)
        assert asked.reachable(artifact) == fresh.reachable(artifact)


def test_a_terminating_delegation_ends_the_search_behind_it() -> None:
    last = terms("b", "x/*", terminating=True)
    delegated = [terms("a", "x/*"), last, terms("c", "x/*")]
    lookup = Lookup(state_of({"targets": delegated, "b": [terms("d", "x/*")]}))
    assert lookup.visited("x/1") == ("targets", "a", "b", "d")
    assert lookup.reachable("x/1") == {"targets", "a", "b", "c", "d"}
    assert lookup.visited("y/1") == ("targets",)


def test_a_cycle_ends() -> None:
    tree = {"targets": [terms("a", "*")], "a": [terms("b", "*")], "b": [terms("a", "*")]}
    assert Lookup(state_of(tree)).visited("z") == ("targets", "a", "b")


def test_a_role_that_is_delegated_twice_is_asked_once_and_first() -> None:
    both = [terms("a", "*"), terms("b", "*")]
    lookup = Lookup(state_of({"targets": both, "a": [terms("c", "*"), terms("b", "*")]}))
    assert lookup.visited("z") == ("targets", "a", "c", "b")


def test_a_role_without_a_file_delegates_nothing() -> None:
    assert Lookup(state_of({"targets": [terms("a", "*")]})).visited("z") == ("targets", "a")
    assert Lookup(state_of({})).visited("z") == ("targets",)


def test_a_chain_is_followed_past_the_number_that_clients_ask() -> None:
    chain = {"targets": [terms("r0", "*")]}
    chain |= {f"r{number}": [terms(f"r{number + 1}", "*")] for number in range(50)}
    assert len(Lookup(state_of(chain)).visited("z")) == 52


def test_listers_are_visited_roles_that_list_the_artifact_in_order() -> None:
    tree = {"targets": [terms("a", "x/*"), terms("b", "x/*")], "a": [], "b": [], "c": []}
    listed = {"a": ["x/1"], "b": ["x/1", "x/2"], "c": ["x/1"]}
    lookup = Lookup(state_of(tree, listed))
    assert lookup.listers("x/1") == ("a", "b")
    assert lookup.listers("x/2") == ("b",)
    assert lookup.listers("x/3") == ()
    assert lookup.lists(RoleName("c"), "x/1")
    assert not lookup.lists(RoleName("nobody"), "x/1")


@pytest.mark.parametrize(
    ("artifact", "owner"),
    [
        ("file", "targets"),
        ("x/1", "a"),
        ("x/sub/1", "b"),
        ("y/1", None),
        ("X/1", None),
        ("/1", None),
    ],
)
def test_owner_is_the_first_role_that_may_list_it(artifact: str, owner: str | None) -> None:
    delegated = [terms("a", "x/*"), terms("b", "x/*/*", "x/*"), terms("c", "*", "x/*")]
    assert Lookup(state_of({"targets": delegated})).owner(artifact) == owner


def test_owner_is_delegated_by_targets_itself() -> None:
    nested = {"targets": [terms("a", "x/*")], "a": [terms("b", "y/*")]}
    assert Lookup(state_of(nested)).owner("y/1") is None


def test_a_name_that_is_not_utf_8_is_matched_without_an_error() -> None:
    hashed = DelegatedRole("a", [], 1, terminating=False, path_hash_prefixes=[""])
    assert may_list(hashed, "\udcff/1")
    assert may_list(terms("a", "*/1"), "\udcff/1")
    assert not may_list(terms("a", "x/1"), "\udcff/1")


def test_only_roles_on_the_way_are_read() -> None:
    tree = {"targets": [terms("a", "x/*"), terms("b", "y/*")], "a": [], "b": []}
    files = Counted(state_of(tree).files)
    assert Lookup(State(files)).visited("x/1") == ("targets", "a")
    assert files.calls == ["read", "read"]
