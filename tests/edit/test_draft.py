import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.edit.event import ALICE, NPM, Event, is_verified
from tests.support.sample import NOW, Sample, key_for

from tufline.repository.edit import (
    CannotRead,
    Draft,
    UnknownRole,
    UnusablePeriods,
    set_periods,
    set_threshold,
    update_targets,
)
from tufline.repository.format import ROOT, TARGETS, Periods, RoleName
from tufline.repository.state import Lookup, MemoryFiles, State

LATER = NOW + timedelta(days=3)


def test_a_draft_without_edits_writes_nothing() -> None:
    assert Event().draft().files() == {}


def test_roles_that_were_opened_and_not_changed_are_not_written() -> None:
    draft = Event().draft()
    draft.root()
    for role in (TARGETS, NPM):
        draft.targets(role)
    assert draft.files() == {}


def test_an_edit_that_changes_nothing_keeps_every_signature_of_the_event() -> None:
    event = Event()
    draft = event.draft()
    set_threshold(draft, TARGETS, 3)
    event.apply(draft)
    event.sign("root", "@alice")
    again = event.draft(LATER)
    set_threshold(again, TARGETS, 3)
    assert again.files() == {}


def test_root_gets_the_next_version_an_expiry_from_now_and_an_equal_historic_copy() -> None:
    event = Event()
    before = event.signed("root").version
    draft = event.draft(LATER)
    set_threshold(draft, ROOT, 3)
    files = event.apply(draft)
    history = f"metadata/root_history/{before + 1}.root.json"
    assert set(files) == {"metadata/root.json", history}
    assert files["metadata/root.json"] == files[history]
    assert event.signed("root").version == before + 1
    assert event.signed("root").expires == LATER + timedelta(days=365)


@pytest.mark.parametrize("role", [ROOT, TARGETS, NPM])
def test_row_n_several_edits_of_one_event_are_known_good_plus_one(role: RoleName) -> None:
    event = Event()
    known = event.signed(role).version
    for days in (300, 200, 100):
        draft = event.draft(NOW + timedelta(hours=days))
        set_periods(draft, role, Periods(expiry=timedelta(days=days)))
        event.apply(draft)
        assert event.signed(role).version == known + 1
        event.sign(role, "@alice")  # what is signed in between is no reason for another version
    event.merge()
    draft = event.draft()
    set_periods(draft, role, Periods(expiry=timedelta(days=400)))
    event.apply(draft)
    assert event.signed(role).version == known + 2


def test_several_edits_of_root_leave_one_historic_copy() -> None:
    event = Event()
    for threshold in (1, 3, 2, 3):
        draft = event.draft()
        set_threshold(draft, TARGETS, threshold)
        event.apply(draft)
    assert event.signed("root").version == 2
    assert sorted(p for p in event.files if "root_history" in p) == [
        "metadata/root_history/1.root.json",
        "metadata/root_history/2.root.json",
    ]


def test_a_larger_step_that_another_tool_made_is_brought_back_when_the_role_is_edited() -> None:
    sample = Sample()
    event = Event(sample.files)
    sample.edit("targets", lambda targets: targets.targets.clear(), version=7)
    event.files = dict(sample.files)
    draft = event.draft()
    draft.targets(TARGETS).unrecognized_fields["x-note"] = 1
    event.apply(draft)
    assert event.signed("targets").version == 2


def test_whole_seconds_in_utc_whatever_the_clock_says() -> None:
    event = Event()
    paris = datetime(2026, 3, 1, 13, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    draft = event.draft(paris)
    set_threshold(draft, TARGETS, 3)
    event.apply(draft)
    assert json.loads(event.files["metadata/root.json"])["signed"]["expires"] == (
        "2027-03-01T12:00:00Z"
    )
    assert event.signed("root").expires.tzinfo == UTC


def test_files_can_be_asked_for_again() -> None:
    draft = Event().draft()
    set_threshold(draft, TARGETS, 3)
    draft.targets(TARGETS).unrecognized_fields["x-note"] = "a"
    assert draft.files() == draft.files() != {}


def test_who_should_sign_stands_in_the_delegators_order_with_empty_signatures() -> None:
    event = Event()
    keyids = event.signed("root").roles["targets"].keyids
    draft = event.draft()
    draft.root().roles["targets"].keyids.reverse()
    draft.targets(TARGETS).unrecognized_fields["x-note"] = 1
    event.apply(draft)
    assert event.unsigned("targets") == keyids[::-1]


def test_root_asks_the_keys_of_the_new_root_and_then_those_only_the_old_one_had() -> None:
    event = Event()
    alice, bob, carol = event.signed("root").roles["root"].keyids
    draft = event.draft()
    draft.root().roles["root"].keyids[:] = [carol, bob]
    event.apply(draft)
    assert event.unsigned("root") == [carol, bob, alice]


def test_files_are_written_as_python_tuf_writes_them() -> None:
    event = Event()
    draft = event.draft()
    set_threshold(draft, TARGETS, 3)
    data = event.apply(draft)["metadata/root.json"]
    assert data is not None
    expected = json.dumps(json.loads(data), indent=1, separators=(",", ": "), sort_keys=True)
    assert data == expected.encode()


def test_a_missing_signing_period_is_written_when_the_role_is() -> None:
    sample = Sample()
    period = "x-tuf-on-ci-signing-period"
    sample.edit("targets", lambda targets: targets.unrecognized_fields.pop(period))
    event = Event(sample.files)
    assert event.draft().files() == {}
    draft = event.draft()
    draft.targets(TARGETS).unrecognized_fields["x-note"] = 1
    event.apply(draft)
    assert event.signed("targets").unrecognized_fields[period] == 182


def test_a_role_without_a_period_cannot_get_a_version() -> None:
    draft = Event().draft()
    draft.targets(TARGETS).unrecognized_fields.clear()
    with pytest.raises(UnusablePeriods, match="periods of targets: the metadata states none"):
        draft.files()


def test_a_period_that_is_no_number_is_named() -> None:
    draft = Event().draft()
    draft.targets(TARGETS).unrecognized_fields["x-tuf-on-ci-expiry-period"] = "long"
    with pytest.raises(UnusablePeriods, match="expiry-period is 'long'"):
        draft.files()


def test_metadata_that_cannot_be_read_cannot_be_edited() -> None:
    event = Event()
    event.files["metadata/targets.json"] = b"{"
    with pytest.raises(CannotRead, match=r"metadata/targets\.json cannot be changed: not JSON"):
        event.draft().targets(TARGETS)
    assert event.draft().current(TARGETS) is None


def test_invitations_that_cannot_be_read_cannot_be_edited() -> None:
    event = Event()
    event.files["metadata/.signing-event-state"] = b"[]"
    with pytest.raises(CannotRead):
        _ = event.draft().invitations


def test_a_role_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownRole, match="there is no role pypi"):
        Event().draft().targets(RoleName("pypi"))


def test_the_result_is_the_event_with_the_drafts_files() -> None:
    event = Event()
    draft = event.draft()
    set_threshold(draft, TARGETS, 3)
    draft.invitations = draft.invitations.with_roles(ALICE, [NPM])
    result = draft.result()
    event.apply(draft)
    assert result.read("metadata/root.json") == event.files["metadata/root.json"]
    assert result.read("metadata/npm.json") == event.files["metadata/npm.json"]
    assert [entry.path for entry in result.files.below("metadata/root_history")] == [
        "metadata/root_history/1.root.json",
        "metadata/root_history/2.root.json",
    ]


def test_a_signed_event_verifies_with_python_tuf() -> None:
    event = Event()
    event.files["targets/new.txt"] = b"new\n"
    draft = event.draft()
    update_targets(draft, ["new.txt"], Lookup(draft.event))
    event.apply(draft)
    event.sign("targets", "@alice")
    assert not is_verified(event, "root", "targets")
    event.sign("targets", "@carol")
    assert is_verified(event, "root", "targets")
    assert event.unsigned("targets") == [key_for("@bob").keyid]


def test_no_function_needs_main_to_hold_anything() -> None:
    draft = Draft(known_good=State(MemoryFiles({})), event=State(MemoryFiles({})), now=NOW)
    assert draft.files() == {}
    assert draft.delegators(NPM) == ()


def test_version_and_expiry_are_not_content() -> None:
    draft = Event().draft()
    draft.targets(TARGETS).version = 9
    draft.targets(TARGETS).expires = LATER
    assert draft.files() == {}


def test_asking_for_the_files_does_not_change_the_draft() -> None:
    draft = Event().draft()
    fields = draft.targets(TARGETS).unrecognized_fields
    del fields["x-tuf-on-ci-signing-period"]
    before = dict(fields)
    assert draft.files()
    assert fields == before
    assert draft.targets(TARGETS).version == 1
