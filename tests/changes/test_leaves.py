"""Every changed leaf is found, whatever the JSON."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tufline.repository.changes import ABSENT, JsonPath, Leaf
from tufline.repository.changes._leaves import changed_leaves

SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "0", "1", "true"])
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab01"), inner, max_size=3)
    ),
    max_leaves=8,
)


def flat(tree: Any, path: JsonPath = ()) -> dict[JsonPath, str]:  # noqa: ANN401 - JSON is any type
    """Return each leaf's JSON text by path: the definition, written another way."""
    members = tree.items() if isinstance(tree, dict) else enumerate(tree)
    found: dict[JsonPath, str] = {}
    for name, value in members:
        if isinstance(value, dict | list) and value:
            found |= flat(value, (*path, name))
        else:
            found[*path, name] = json.dumps(value)
    return found


def leaf(*path: str | int, before: object = ABSENT, after: object = ABSENT) -> Leaf:
    return Leaf(path=path, before=before, after=after)


def text(value: object) -> str | None:
    return None if value is ABSENT else json.dumps(value)


@given(JSON, JSON)
def test_leaves_are_the_differences_of_the_flattened_values(one: object, other: object) -> None:
    before, after = flat([one]), flat([other])
    differing = {
        path: (before.get(path), after.get(path))
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }
    found = {each.path: (text(each.before), text(each.after)) for each in leaves([one], [other])}
    assert found == differing


def leaves(before: object, after: object) -> list[Leaf]:
    return list(changed_leaves(before, after))


@given(JSON)
def test_equal_values_have_no_changed_leaf(value: object) -> None:
    assert leaves(value, json.loads(json.dumps(value))) == []


def test_one_true_and_the_text_of_one_are_three_values() -> None:
    assert leaves({"a": 1}, {"a": True}) == [leaf("a", before=1, after=True)]
    assert leaves({"a": 1}, {"a": "1"}) == [leaf("a", before=1, after="1")]
    assert leaves({"a": 0}, {"a": False}) == [leaf("a", before=0, after=False)]
    assert leaves([0, None], [0]) == [leaf(1, before=None)]


def test_empty_containers_are_leaves() -> None:
    assert leaves({}, {"a": []}) == [leaf(before={}), leaf("a", after=[])]
    assert leaves({"a": []}, {"a": {}}) == [leaf("a", before=[], after={})]


def test_lists_are_compared_index_by_index() -> None:
    assert leaves(["a", "b"], ["b"]) == [leaf(0, before="a", after="b"), leaf(1, before="b")]


def test_a_list_is_not_the_object_with_its_indexes_as_names() -> None:
    assert leaves(["a"], {"0": "a"}) == [leaf(0, before="a"), leaf("0", after="a")]


def test_a_new_file_is_all_its_leaves() -> None:
    assert leaves(ABSENT, {"a": {"b": 1}, "c": None}) == [
        leaf("a", "b", after=1),
        leaf("c", after=None),
    ]


def test_nesting_deeper_than_the_stack_is_no_error() -> None:
    deep: object = 1
    for _ in range(5_000):
        deep = [deep]
    [found] = leaves(ABSENT, deep)
    assert (len(found.path), found.after) == (5_000, 1)
