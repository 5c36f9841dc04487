"""Who delegates to whom, and on which word."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.state.delegating import state_of, terms
from tests.support.sample import DELEGATE, ONLINE, PEOPLE, Sample, key_for
from tuf.api.metadata import DelegatedRole

from tufline.repository.format import ROOT, TARGETS, Document, RoleName, delegated_role_name
from tufline.repository.state import (
    DelegationGraph,
    Kind,
    MemoryFiles,
    State,
    delegated_names,
    delegation_graph,
    delegation_of,
)

NPM = RoleName("npm")
ROLES = ("a", "b", "c", "d")
delegations = st.lists(
    st.sampled_from(ROLES).map(lambda name: terms(name, "*")),
    max_size=4,
    unique_by=lambda each: each.name,
)
graphs = st.dictionaries(st.sampled_from(("targets", *ROLES)), delegations)


def walk(children: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """Return who delegates to each reached role."""
    found: dict[str, set[str]] = {"targets": {"root"}}
    waiting = ["targets"]
    while waiting:
        delegator = waiting.pop()
        for child in children.get(delegator, []):
            if child not in found:
                waiting.append(child)
            found.setdefault(child, set()).add(delegator)
    return found


@given(graphs)
def test_graph_holds_every_delegation_that_targets_leads_to(
    graph: dict[str, list[DelegatedRole]],
) -> None:
    expected = walk({role: [each.name for each in named] for role, named in graph.items()})
    found = delegation_graph(state_of(graph))
    assert {role: set(above) for role, above in found.delegators.items()} == expected
    for role, children in found.children.items():
        assert list(children) == [each.name for each in graph[role]]
    assert {role for role, named in graph.items() if named and role in expected} == {
        role for role, children in found.children.items() if children
    }


def test_graph_is_found_nearest_first_and_ends_in_a_cycle() -> None:
    found = delegation_graph(
        state_of(
            {
                "targets": [terms("a", "*"), terms("b", "*")],
                "a": [terms("c", "*")],
                "b": [terms("c", "*"), terms("a", "*")],
                "c": [terms("a", "*"), terms("c", "*")],
            }
        )
    )
    assert list(found.delegators) == ["targets", "a", "b", "c"]
    assert found.delegators[RoleName("a")] == ("targets", "b", "c")
    assert found.delegators[RoleName("c")] == ("a", "b", "c")


def test_an_empty_state_has_targets_only() -> None:
    assert delegation_graph(State(MemoryFiles({}))) == DelegationGraph({TARGETS: (ROOT,)}, {})


def escaped(word: str, places: set[int]) -> str:
    return "".join(f"\\u{ord(c):04x}" if i in places else c for i, c in enumerate(word))


@given(st.sets(st.integers(0, 10)), st.booleans())
def test_no_escape_hides_a_delegation(places: set[int], compact: bool) -> None:  # noqa: FBT001 - hypothesis calls it
    """Files that cannot delegate are not parsed; a JSON reader sees through escapes."""
    sample = Sample()
    data = sample.files["metadata/targets.json"].decode()
    if compact:
        data = json.dumps(json.loads(data), separators=(",", ":"))
    data = data.replace('"delegations"', f'"{escaped("delegations", places)}"')
    sample.files["metadata/targets.json"] = data.encode()
    assert delegation_graph(sample.state()).delegators == {TARGETS: (ROOT,), NPM: (TARGETS,)}


@pytest.mark.parametrize("text", ["delegations", '"delegations"', "\\"])
def test_the_word_elsewhere_is_no_delegation(text: str) -> None:
    sample = Sample()
    sample.edit("npm", lambda npm: npm.unrecognized_fields.update({"x-note": text, text: 1}))
    if text == "delegations":
        tree = json.loads(sample.files["metadata/npm.json"])
        tree["signed"]["x-note"] = {"delegations": {"roles": [{"name": "hidden"}]}}
        del tree["signed"]["delegations"]
        sample.files["metadata/npm.json"] = json.dumps(tree).encode()
    assert set(delegation_graph(sample.state()).delegators) == {TARGETS, NPM}


@pytest.mark.parametrize("kind", [Kind.SYMLINK, Kind.SUBMODULE])
def test_what_is_no_plain_file_delegates_nothing(kind: Kind) -> None:
    sample = Sample()
    sample.kinds["metadata/targets.json"] = kind
    assert delegation_graph(sample.state()).delegators == {TARGETS: (ROOT,)}


def test_an_executable_file_delegates_as_it_is_read() -> None:
    sample = Sample()
    sample.kinds["metadata/targets.json"] = Kind.EXECUTABLE
    assert isinstance(sample.state().targets(TARGETS), Document)
    assert NPM in delegation_graph(sample.state()).delegators


def test_unreadable_metadata_delegates_nothing() -> None:
    sample = Sample()
    sample.files["metadata/targets.json"] += b"}"
    assert delegation_graph(sample.state()).delegators == {TARGETS: (ROOT,)}


def test_root_says_who_signs_the_top_level_roles() -> None:
    root = Sample().state().root()
    found = delegation_of(ROOT, root, TARGETS)
    assert found is not None
    assert list(found.keys) == [key_for(name).keyid for name in PEOPLE]
    assert (found.threshold, found.terms, found.missing_keys) == (2, None, ())
    timestamp = delegation_of(ROOT, root, RoleName("timestamp"))
    assert timestamp is not None
    assert list(timestamp.keys) == [key_for(ONLINE).keyid]
    assert delegation_of(ROOT, root, NPM) is None


def test_targets_says_who_signs_what() -> None:
    found = delegation_of(TARGETS, Sample().state().targets(TARGETS), NPM)
    assert found is not None
    assert (found.delegator, found.role, found.threshold) == (TARGETS, NPM, 1)
    assert list(found.keys) == [key_for(DELEGATE).keyid]
    assert found.terms is not None
    assert found.terms.terminating


def test_key_id_without_a_key_is_missing() -> None:
    sample = Sample()

    def lose_key(targets: Any) -> None:  # noqa: ANN401 - python-tuf's
        targets.delegations.keys.clear()

    sample.edit("targets", lose_key)
    found = delegation_of(TARGETS, sample.state().targets(TARGETS), NPM)
    assert found is not None
    assert found.keys == {}
    assert found.missing_keys == (key_for(DELEGATE).keyid,)


def test_who_says_nothing_delegates_nothing() -> None:
    state = Sample().state()
    assert delegation_of(NPM, state.targets(NPM), RoleName("x")) is None
    assert delegation_of(TARGETS, None, NPM) is None
    assert delegated_names(None) == ()
    assert delegated_names(state.root()) == ()
    assert delegated_names(state.targets(NPM)) == ()


def test_names_that_no_file_can_have_are_left_out() -> None:
    names = ["a", "../x", "b c", ".git", "x/y", "é", "b"]
    state = state_of({"targets": [terms(name, "*") for name in names]})
    assert delegated_names(state.targets(TARGETS)) == ("a", "b")
    for name in ("a", "b"):
        assert delegated_role_name(name)
