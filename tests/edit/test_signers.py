import json
from datetime import timedelta

import pytest
from tests.edit.event import ALICE, BOB, CAROL, DAVE, NPM, Event, bare_key, days, terms
from tests.support.sample import key_for

from tufline.repository.edit import (
    KeyInUse,
    NotDelegated,
    NotOnlineRole,
    NotSigner,
    OnlineKey,
    OnlineRole,
    RoleTerms,
    ThresholdOutOfRange,
    UnknownRole,
    UnusablePeriods,
    accept,
    delegate,
    invite,
    personal_key,
    remove_signer,
    set_online_keys,
    set_periods,
    set_signers,
    set_threshold,
    signers_of,
)
from tufline.repository.format import ROOT, SNAPSHOT, TARGETS, TIMESTAMP, Periods, RoleName

PYPI = RoleName("pypi")
NEXT = OnlineKey(key=bare_key("file2:next"), uri="file2:next")


def test_who_is_new_is_invited_who_is_gone_loses_the_key_who_stays_keeps_the_place() -> None:
    event = Event()
    draft = event.draft()
    set_signers(draft, ROOT, [DAVE, CAROL, BOB])
    event.apply(draft)
    root = event.signed("root")
    assert root.roles["root"].keyids == [key_for("@bob").keyid, key_for("@carol").keyid]
    assert key_for("@alice").keyid in root.keys  # targets still has her
    assert json.loads(event.files["metadata/.signing-event-state"]) == {
        "invites": {"@dave": ["root"]}
    }


def test_signers_and_threshold_change_together() -> None:
    event = Event()
    draft = event.draft()
    set_signers(draft, TARGETS, [ALICE], threshold=1)
    event.apply(draft)
    role = event.signed("root").roles["targets"]
    assert (role.threshold, role.keyids) == (1, [key_for("@alice").keyid])
    with pytest.raises(ThresholdOutOfRange, match="targets cannot need 2 signatures"):
        set_signers(Event().draft(), TARGETS, [ALICE])
    with pytest.raises(ThresholdOutOfRange):
        set_signers(Event().draft(), TARGETS, [ALICE], threshold=0)


def test_a_key_that_no_role_uses_is_removed() -> None:
    event = Event()
    draft = event.draft()
    for role in (ROOT, TARGETS):
        remove_signer(draft, role, ALICE)
    event.apply(draft)
    assert key_for("@alice").keyid not in event.signed("root").keys
    assert event.unsigned("root")[-1] == key_for("@alice").keyid  # the old root's signer


def test_an_invitation_is_taken_back() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, BOB, [NPM, ROOT][:1])
    assert signers_of(draft, NPM) == (DAVE, BOB)
    remove_signer(draft, NPM, BOB)
    assert draft.files() == {}
    with pytest.raises(NotSigner, match="@bob is not a signer of npm"):
        remove_signer(draft, NPM, BOB)


def test_a_role_with_two_delegators_has_the_same_signers_in_both() -> None:
    event = Event()
    draft = event.draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    delegate(draft, PYPI, NPM, terms(DAVE))
    set_signers(draft, NPM, [DAVE, CAROL])
    accept(draft, CAROL, bare_key("@carol"))
    event.apply(draft)
    expected = [key_for("@dave").keyid, key_for("@carol").keyid]
    for delegator in ("targets", "pypi"):
        assert event.signed(delegator).delegations.roles["npm"].keyids == expected
    assert signers_of(event.draft(), NPM) == (DAVE, CAROL)


def test_people_who_only_one_delegator_knows_become_known_to_the_other() -> None:
    draft = Event().draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    set_signers(draft, NPM, [DAVE, CAROL])
    accept(draft, CAROL, bare_key("@carol"))
    delegate(draft, PYPI, NPM, terms(DAVE))
    set_signers(draft, NPM, [DAVE, CAROL])
    delegations = draft.targets(PYPI).delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert delegations.roles["npm"].keyids == [key_for("@dave").keyid, key_for("@carol").keyid]


def test_the_threshold_counts_the_invited() -> None:
    draft = Event().draft()
    with pytest.raises(ThresholdOutOfRange):
        set_threshold(draft, NPM, 2)
    invite(draft, BOB, [NPM])
    set_threshold(draft, NPM, 2)
    with pytest.raises(ThresholdOutOfRange):
        set_threshold(draft, NPM, 0)
    assert draft.targets(TARGETS).to_dict()["delegations"]["roles"][0]["threshold"] == 2


def test_the_threshold_of_one_delegator_alone() -> None:
    event = Event()
    draft = event.draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    delegate(draft, PYPI, NPM, terms(DAVE))
    invite(draft, BOB, [NPM])
    set_threshold(draft, NPM, 2, delegator=PYPI)
    event.apply(draft)
    assert event.signed("targets").delegations.roles["npm"].threshold == 1
    assert event.signed("pypi").delegations.roles["npm"].threshold == 2
    with pytest.raises(NotDelegated):
        set_threshold(event.draft(), NPM, 1, delegator=ROOT)


def test_people_do_not_sign_online_roles() -> None:
    draft = Event().draft()
    with pytest.raises(OnlineRole, match="snapshot is not signed by people"):
        set_signers(draft, SNAPSHOT, [ALICE])
    with pytest.raises(UnknownRole):
        set_signers(draft, PYPI, [ALICE])


def test_the_online_key_is_replaced_for_one_role_or_for_both() -> None:
    event = Event()
    old, new = key_for("file2:online").keyid, key_for("file2:next").keyid
    draft = event.draft()
    set_online_keys(draft, SNAPSHOT, [NEXT])
    event.apply(draft)
    root = event.signed("root")
    assert (root.roles["snapshot"].keyids, root.roles["timestamp"].keyids) == ([new], [old])
    assert {old, new} <= set(root.keys)
    draft = event.draft()
    set_online_keys(draft, TIMESTAMP, [NEXT])
    event.apply(draft)
    assert old not in event.signed("root").keys
    assert event.signed("root").version == 2


def test_the_same_key_may_move_to_another_uri() -> None:
    event = Event()
    draft = event.draft()
    moved = OnlineKey(key=bare_key("file2:online"), uri="file2:elsewhere")
    set_online_keys(draft, TIMESTAMP, [moved])
    event.apply(draft)
    root = event.signed("root")
    (keyid,) = root.roles["timestamp"].keyids
    uri = root.keys[keyid].unrecognized_fields["x-tuf-on-ci-online-uri"]
    assert uri == "file2:elsewhere"


def test_a_role_of_online_keys_only_may_change_them_and_another_may_not() -> None:
    event = Event()
    draft = event.draft()
    first = OnlineKey(key=bare_key("file2:online"), uri="file2:online")
    delegate(draft, TARGETS, PYPI, RoleTerms(keys=(first,), periods=days(30, 10)))
    set_online_keys(draft, PYPI, [NEXT])
    delegations = draft.targets(TARGETS).delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert delegations.roles["pypi"].keyids == [key_for("file2:next").keyid]
    with pytest.raises(NotOnlineRole, match="npm is signed by people"):
        set_online_keys(draft, NPM, [NEXT])
    with pytest.raises(ThresholdOutOfRange):
        set_online_keys(draft, PYPI, [])


def test_a_persons_key_is_no_online_key() -> None:
    with pytest.raises(KeyInUse, match="the key of @alice"):
        set_online_keys(Event().draft(), SNAPSHOT, [OnlineKey(key=bare_key("@alice"), uri="hv:a")])


@pytest.mark.parametrize(("role", "file"), [(TIMESTAMP, "root"), (ROOT, "root"), (NPM, "npm")])
def test_periods_are_set_where_they_stand(role: RoleName, file: str) -> None:
    event = Event()
    draft = event.draft()
    set_periods(draft, role, days(90, 30))
    assert f"metadata/{file}.json" in event.apply(draft)
    signed = event.signed(file)
    fields = (signed.roles[role] if role == TIMESTAMP else signed).unrecognized_fields
    assert fields["x-tuf-on-ci-expiry-period"] == 90
    assert fields["x-tuf-on-ci-signing-period"] == 30


@pytest.mark.parametrize(
    "periods",
    [
        days(1, 1),
        days(10, 0),
        days(0, 0),
        days(10, 11),
        Periods(expiry=timedelta(hours=60), signing=timedelta(days=1)),
    ],
)
def test_periods_that_cannot_work_are_refused(periods: Periods) -> None:
    draft = Event().draft()
    with pytest.raises(UnusablePeriods):
        set_periods(draft, NPM, periods)
    assert draft.files() == {}


def test_a_key_that_only_one_delegator_knows_is_not_added_to_another_of_the_same_person() -> None:
    draft = Event().draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    delegate(draft, PYPI, NPM, terms(DAVE))
    own = draft.targets(PYPI)
    assert own.delegations is not None
    assert own.delegations.roles is not None
    other = personal_key(bare_key("@alice#2"), DAVE)
    own.delegations.keys[other.keyid] = other
    own.delegations.roles["npm"].keyids[:] = [other.keyid]
    set_signers(draft, NPM, [DAVE])
    assert own.delegations.roles["npm"].keyids == [other.keyid]


def test_a_role_that_people_are_invited_to_is_not_an_online_role() -> None:
    draft = Event().draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    with pytest.raises(NotOnlineRole):
        set_online_keys(draft, PYPI, [NEXT])
