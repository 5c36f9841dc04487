import json

import pytest
from securesystemslib.signer import CryptoSigner
from tests.edit.event import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    NPM,
    Event,
    bare_key,
    days,
    independent_keyid,
    is_verified,
    terms,
)
from tests.support.sample import NOW, key_for

from tufline.repository.edit import (
    AlreadyInvited,
    AlreadySigner,
    AlreadyStarted,
    Draft,
    KeyInUse,
    NotInvited,
    OnlineKey,
    OnlineRole,
    RoleTerms,
    ThresholdOutOfRange,
    UnknownRole,
    UnusablePeriods,
    accept,
    invite,
    start,
)
from tufline.repository.format import ROOT, SNAPSHOT, TARGETS, RoleName

STATE = "metadata/.signing-event-state"


def online(expiry: int = 7) -> RoleTerms:
    key = OnlineKey(key=bare_key("file2:online"), uri="file2:online")
    return RoleTerms(keys=(key,), periods=days(expiry, 2))


def started() -> Event:
    event = Event({})
    draft = event.draft()
    people = terms(ALICE, BOB, CAROL, threshold=2)
    start(draft, root=people, targets=people, snapshot=online(30), timestamp=online())
    event.apply(draft)
    return event


def test_a_new_repository_waits_for_the_people_it_invites() -> None:
    event = started()
    root = event.signed("root")
    assert set(event.files) == {
        "metadata/root.json",
        "metadata/root_history/1.root.json",
        "metadata/targets.json",
        STATE,
    }
    assert (root.version, root.consistent_snapshot, root.roles["root"].keyids) == (1, True, [])
    assert root.roles["root"].threshold == root.roles["targets"].threshold == 2
    assert root.roles["snapshot"].unrecognized_fields["x-tuf-on-ci-expiry-period"] == 30
    assert root.roles["timestamp"].keyids == [key_for("file2:online").keyid]
    assert json.loads(event.files[STATE]) == {
        "invites": {name: ["root", "targets"] for name in (ALICE, BOB, CAROL)}
    }


def test_a_whole_ceremony_ends_in_a_repository_that_verifies() -> None:
    event = started()
    for person in (ALICE, BOB, CAROL):
        draft = event.draft()
        accept(draft, person, bare_key(person))
        event.apply(draft)
    assert STATE not in event.files
    event.sign("root", ALICE, BOB)
    event.sign("targets", ALICE, CAROL)
    assert is_verified(event, "root", "root")
    assert is_verified(event, "root", "targets")
    assert event.files["metadata/root.json"] == event.files["metadata/root_history/1.root.json"]
    assert event.signed("root").version == event.signed("targets").version == 1


def test_a_repository_is_not_started_twice() -> None:
    draft = started().draft()
    with pytest.raises(AlreadyStarted):
        start(draft, root=terms(BOB), targets=terms(BOB), snapshot=online(), timestamp=online())
    assert draft.files() == {}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"root": terms(ALICE, threshold=2)}, ThresholdOutOfRange),
        ({"root": terms(ALICE, threshold=0)}, ThresholdOutOfRange),
        ({"timestamp": terms(ALICE)}, OnlineRole),
        ({"targets": RoleTerms(people=(ALICE,), periods=days(5, 5))}, UnusablePeriods),
        ({"targets": RoleTerms(people=(ALICE,), periods=days(5, 0))}, UnusablePeriods),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(
    changed: dict[str, RoleTerms], error: type[Exception]
) -> None:
    event = Event({})
    draft = event.draft()
    asked = {"root": terms(ALICE), "targets": terms(ALICE), "snapshot": online()}
    with pytest.raises(error):
        start(draft, **{**asked, "timestamp": online(), **changed})
    assert draft.files() == {}


def test_accepting_adds_a_copy_of_the_key_under_an_id_that_clients_compute() -> None:
    event = started()
    key = CryptoSigner.generate_ed25519().public_key
    given = key.keyid
    draft = event.draft()
    accept(draft, ALICE, key)
    event.apply(draft)
    root = event.signed("root")
    (keyid,) = root.roles["root"].keyids
    assert (key.keyid, key.unrecognized_fields) == (given, {})
    assert independent_keyid(root.keys[keyid]) == keyid != given
    assert root.keys[keyid].unrecognized_fields == {"x-tuf-on-ci-keyowner": "@alice"}
    assert root.roles["targets"].keyids == [keyid]
    assert json.loads(event.files[STATE])["invites"].keys() == {BOB, CAROL}


def test_an_invitation_to_a_delegated_role_is_accepted_in_its_delegator() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, ALICE, [NPM])
    assert set(event.apply(draft)) == {STATE}
    draft = event.draft()
    accept(draft, ALICE, bare_key("@alice"))
    assert event.apply(draft)[STATE] is None
    delegations = event.signed("targets").delegations
    assert delegations.roles["npm"].keyids == [key_for("@dave").keyid, key_for("@alice").keyid]
    assert set(delegations.keys) == {key_for("@dave").keyid, key_for("@alice").keyid}


def test_a_second_invitation_is_added_to_the_first() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, DAVE, [ROOT])
    event.apply(draft)
    draft = event.draft()
    invite(draft, DAVE, [TARGETS, TARGETS])
    event.apply(draft)
    assert json.loads(event.files[STATE]) == {"invites": {"@dave": ["root", "targets"]}}


def test_who_cannot_be_invited() -> None:
    draft = Event().draft()
    invite(draft, BOB, [NPM])
    with pytest.raises(AlreadyInvited, match="@bob is invited to npm already"):
        invite(draft, BOB, [NPM])
    with pytest.raises(AlreadySigner, match="@alice is a signer of root already"):
        invite(draft, ALICE, [ROOT])
    with pytest.raises(OnlineRole):
        invite(draft, ALICE, [SNAPSHOT])
    with pytest.raises(UnknownRole):
        invite(draft, ALICE, [RoleName("pypi")])


def test_nobody_accepts_without_an_invitation_or_with_somebody_elses_key() -> None:
    draft = Event().draft()
    with pytest.raises(NotInvited, match="@dave is not invited to any role"):
        accept(draft, DAVE, bare_key("@dave"))
    invite(draft, DAVE, [ROOT])
    for holder in ("@alice", "file2:online"):
        with pytest.raises(KeyInUse, match=f"already the key of {holder}"):
            accept(draft, DAVE, bare_key(holder))
    assert set(draft.files()) == {STATE}


def test_an_unchanged_state_file_is_not_rewritten() -> None:
    event = Event()
    event.files[STATE] = b'{"invites": {"@bob": ["npm"]}}'
    draft: Draft = event.draft(NOW)
    draft.invitations = draft.invitations.with_roles(BOB, [NPM])
    assert draft.files() == {}
