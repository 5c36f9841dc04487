"""The quality bar of `review`: on any bytes it answers; it never raises and never says yes by
accident. And whatever it answers, people can be shown it and the change.
"""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.properties.edits import METADATA, Edit, edits, json_edits, signature_edits
from tests.properties.oracle import unsigned_roles
from tests.support.rich import rich_base, rich_event
from tests.support.sample import NOW, Sample

from tufline.repository.changes import changes_between
from tufline.repository.report import html, markdown, terminal
from tufline.repository.review import Lineage, Purpose, Ready, Review, Severity, review, review_json
from tufline.repository.state import MemoryFiles, Overlay, State

pytestmark = pytest.mark.no_cover  # the same code over very many cases

BASE = rich_base()
RICH = rich_event(BASE)


def good_event() -> Sample:
    """Return a change of every role that is ready."""
    event = BASE.copy()
    event.edit("root")
    event.put("file.txt", b"two\n")
    event.put("npm/keys.json", b"other keys\n")
    return event


GOOD = good_event()
starts = st.sampled_from([(BASE, GOOD), (BASE, RICH), (BASE, BASE), (Sample(), GOOD)])


def examine(base: Sample, event: Sample) -> dict[Purpose, Review]:
    """Judge and show the change in every way there is."""
    before, after = base.state(), event.state()
    found = {purpose: review(before, after, now=NOW, purpose=purpose) for purpose in Purpose}
    for each in (*found.values(), review(None, after, now=NOW)):
        assert (each.errors != ()) == (each.verdict.word == "refused")
    changes = changes_between(before, after)
    for each in found.values():
        json.loads(review_json(each, base="b", event="e"))
        for show in (terminal, markdown, html):
            assert show(each, changes, title="sign/x", verbose=True)
    return found


def expect_signed(base: Sample, event: Sample, found: dict[Purpose, Review]) -> None:
    """Nothing is accepted that a threshold did not sign."""
    for purpose, each in found.items():
        if each.accepted:
            everything = purpose is not Purpose.EVENT
            assert not unsigned_roles(base.files, event.files, everything=everything)


def changed(sample: Sample, changes: list[Edit]) -> Sample:
    event = sample.copy()
    for change in changes:
        change(event)
    return event


def test_the_good_event_is_ready_and_the_oracle_agrees() -> None:
    found = examine(BASE, GOOD)
    assert isinstance(found[Purpose.EVENT].verdict, Ready)
    assert isinstance(found[Purpose.ACCEPTED].verdict, Ready)
    assert unsigned_roles(BASE.files, GOOD.files, everything=True) == set()


def test_the_oracle_sees_what_is_not_signed() -> None:
    event = GOOD.copy()
    event.sign("targets", event.load("targets"), ["@alice"])
    event.sign("root", event.load("root"), ["@mallory", "@alice"])
    event.files["metadata/orphan.json"] = event.files["metadata/npm.json"]
    found = unsigned_roles(BASE.files, event.files, everything=False)
    assert found == {"root", "targets", "orphan"}


@settings(max_examples=200)
@given(starts, edits, edits)
def test_random_edits_never_raise_and_never_make_it_ready(
    start: tuple[Sample, Sample], of_base: list[Edit], of_event: list[Edit]
) -> None:
    base, event = changed(start[0], of_base), changed(start[1], of_event)
    expect_signed(base, event, examine(base, event))


@settings(max_examples=200)
@given(st.lists(st.one_of(json_edits, signature_edits), min_size=1, max_size=4))
def test_random_edits_of_a_ready_event_never_leave_it_ready_unsigned(changes: list[Edit]) -> None:
    event = changed(GOOD, changes)
    found = {
        purpose: review(BASE.state(), event.state(), now=NOW, purpose=purpose)
        for purpose in Purpose
    }
    expect_signed(BASE, event, found)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(METADATA), st.binary(max_size=200), min_size=1))
@example(dict.fromkeys(METADATA, b""))
def test_random_bytes_are_refused(contents: dict[str, bytes]) -> None:
    event = BASE.copy()
    event.files |= contents
    expect_signed(BASE, event, examine(BASE, event))
    for base in (event, Sample()):
        base.files |= contents
        examine(base, GOOD)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["signed", "signatures", "_type", "roles", "keys", "delegations", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(METADATA), values, min_size=1))
def test_random_json_is_refused(contents: dict[str, object]) -> None:
    event = BASE.copy()
    event.files |= {path: json.dumps(value).encode() for path, value in contents.items()}
    expect_signed(BASE, event, examine(BASE, event))


@settings(max_examples=50)
@given(edits, st.lists(st.text(max_size=5)), st.integers(0, 3))
def test_a_merge_on_any_lineage_is_judged(
    changes: list[Edit], stale: list[str], merge_bases: int
) -> None:
    event = changed(GOOD, changes).state()
    merged = State(Overlay(BASE.state().files, event.files, event.files.since(BASE.state().files)))
    lineage = Lineage(merge_bases=merge_bases, stale=tuple(stale))
    found = review(BASE.state(), merged, now=NOW, lineage=lineage)
    if stale or merge_bases != 1:
        assert found.verdict.word == "refused"
        assert any(each.severity is Severity.ERROR for each in found.findings)


def test_nothing_at_all_is_judged() -> None:
    nothing = State(MemoryFiles({}))
    for purpose in Purpose:
        assert not review(nothing, nothing, now=NOW, purpose=purpose).accepted or (
            purpose is Purpose.EVENT
        )
        assert not review(BASE.state(), nothing, now=NOW, purpose=purpose).accepted
