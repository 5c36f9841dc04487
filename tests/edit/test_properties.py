"""What holds for every edit of every repository."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.edit.event import ALICE, BOB, CAROL, NPM, Event, bare_key, days
from tests.support.sample import ARTIFACTS, Sample

from tufline.repository.edit import (
    Draft,
    OnlineKey,
    accept,
    invite,
    replace_key,
    resign,
    set_online_keys,
    set_paths,
    set_periods,
    set_signers,
    set_terminating,
    set_threshold,
    update_targets,
)
from tufline.repository.errors import UserError
from tufline.repository.format import ROOT, SNAPSHOT, TARGETS
from tufline.repository.state import Lookup

Edit = Callable[[Draft], object]

ROLES = st.sampled_from([ROOT, TARGETS, NPM])
PEOPLE = st.sampled_from([ALICE, BOB, CAROL])
MAIN = Sample().files


def _accept_invitation(draft: Draft) -> None:
    invite(draft, BOB, [NPM])
    accept(draft, BOB, bare_key("@bob"))


def _list_everything(draft: Draft) -> None:
    update_targets(draft, ARTIFACTS, Lookup(draft.event))


def _use_next_online_key(draft: Draft) -> None:
    set_online_keys(draft, SNAPSHOT, [OnlineKey(key=bare_key("file2:next"), uri="file2:next")])


EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.builds(lambda r, n: lambda d: set_threshold(d, r, n), ROLES, st.integers(0, 4)),
    st.builds(lambda r, n: lambda d: set_periods(d, r, days(n, 2)), ROLES, st.integers(1, 9)),
    st.builds(lambda r: lambda d: resign(d, r), ROLES),
    st.builds(lambda p: lambda d: replace_key(d, p, bare_key(f"{p}#2")), PEOPLE),
    st.builds(lambda r, p: lambda d: set_signers(d, r, p), ROLES, st.lists(PEOPLE)),
    st.builds(lambda b: lambda d: set_terminating(d, TARGETS, NPM, terminating=b), st.booleans()),
    st.builds(
        lambda p: lambda d: set_paths(d, TARGETS, NPM, p),
        st.lists(st.sampled_from(["npm/*", "npm/a", ""])),
    ),
    st.sampled_from([_accept_invitation, _list_everything, _use_next_online_key]),
)


def make(event: Event, edits: list[Edit], *, in_one_draft: bool) -> None:
    """Make the edits that can be made; a refused edit must leave nothing behind."""
    draft = event.draft()
    for edit in edits:
        before = draft.files()
        try:
            edit(draft)
        except UserError:
            assert draft.files() == before
        if not in_one_draft:
            event.apply(draft)
            draft = event.draft()
    event.apply(draft)


def trees(event: Event) -> dict[str, Any]:
    return {path: json.loads(data) for path, data in event.files.items() if "metadata/" in path}


@settings(max_examples=60, deadline=None)
@given(edits=st.lists(EDITS, max_size=5))
def test_edits_compose_and_a_version_is_bumped_once(edits: list[Edit]) -> None:
    together, apart = Event(MAIN), Event(MAIN)
    make(together, edits, in_one_draft=True)
    make(apart, edits, in_one_draft=False)
    for event in (together, apart):
        for role in (ROOT, TARGETS, NPM):
            path = f"metadata/{role}.json"
            is_changed = event.files[path] != event.main[path]
            assert event.signed(role).version == 1 + is_changed
            assert is_changed or event.load(role).signatures == Event(MAIN).load(role).signatures
    for role in (ROOT, TARGETS, NPM):
        one, other = together.signed(role).to_dict(), apart.signed(role).to_dict()
        if together.signed(role).version == apart.signed(role).version:
            assert one == other


@settings(max_examples=60, deadline=None)
@given(edits=st.lists(EDITS, max_size=5))
def test_root_and_its_newest_historic_copy_are_equal_and_older_ones_untouched(
    edits: list[Edit],
) -> None:
    event = Event(MAIN)
    make(event, edits, in_one_draft=False)
    version = event.signed("root").version
    history = "metadata/root_history/1.root.json"
    assert (
        event.files["metadata/root.json"]
        == event.files[f"metadata/root_history/{version}.root.json"]
    )
    assert event.files[history] == event.main[history]


def with_unknown_fields(value: int) -> dict[str, bytes]:
    """Put a field nobody knows into every object that may have one."""
    sample, field = Sample(), {"x-unknown": value}
    sample.edit("root", lambda root: _mark(root, root.roles, root.keys, field))
    sample.edit("targets", lambda t: _mark(t, t.delegations.roles, t.targets, field, t.delegations))
    return sample.files


def _mark(signed: Any, roles: Any, others: Any, field: Any, *more: Any) -> None:  # noqa: ANN401 - python-tuf's containers
    for holder in (signed, *roles.values(), *more):
        holder.unrecognized_fields.update(field)
    for holder in others.values():
        if hasattr(holder, "hashes"):
            holder.unrecognized_fields.update(field)


def fields_of(tree: Any, name: str) -> int:  # noqa: ANN401 - JSON is any type
    if isinstance(tree, dict):
        return (name in tree) + sum(fields_of(value, name) for value in tree.values())
    return sum(fields_of(value, name) for value in tree) if isinstance(tree, list) else 0


@settings(max_examples=40, deadline=None)
@given(edits=st.lists(EDITS, max_size=5), value=st.integers(0, 3))
def test_unknown_fields_survive_every_edit(edits: list[Edit], value: int) -> None:
    event = Event(with_unknown_fields(value))
    before = {path: fields_of(tree, "x-unknown") for path, tree in trees(event).items()}
    make(event, edits, in_one_draft=False)
    after = {path: fields_of(tree, "x-unknown") for path, tree in trees(event).items()}
    assert before["metadata/targets.json"] == 5
    assert {path: after[path] for path in before} == before


@settings(max_examples=60, deadline=None)
@given(edits=st.lists(EDITS, max_size=5))
def test_who_stays_keeps_the_place_in_the_order(edits: list[Edit]) -> None:
    event = Event(MAIN)
    before = _people(event)
    make(event, edits, in_one_draft=False)
    after = _people(event)
    assert [name for name in after if name in before] == [name for name in before if name in after]


def _people(event: Event) -> list[str]:
    root = event.signed("root")
    fields = (root.keys[keyid].unrecognized_fields for keyid in root.roles["root"].keyids)
    return [field["x-tuf-on-ci-keyowner"] for field in fields]
