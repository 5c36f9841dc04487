import pytest
from tests.edit.event import ALICE, BOB, DAVE, NPM, Event, terms
from tests.support.sample import key_for

from tufline.repository.edit import (
    CannotRemove,
    StillInUse,
    UnknownRole,
    delegate,
    invite,
    remove_role,
    update_targets,
)
from tufline.repository.format import TARGETS, RoleName
from tufline.repository.state import Lookup

CORE = RoleName("npm-core")


def without_artifacts() -> Event:
    event = Event()
    del event.files["targets/npm/keys.json"]
    return event


def test_a_removed_role_leaves_no_file_no_delegation_no_key_no_invitation() -> None:
    event = without_artifacts()
    draft = event.draft()
    invite(draft, BOB, [NPM])
    event.apply(draft)
    draft = event.draft()
    remove_role(draft, NPM)
    files = event.apply(draft)
    assert files["metadata/npm.json"] is files["metadata/.signing-event-state"] is None
    delegations = event.signed("targets").delegations
    assert (delegations.roles, delegations.keys) == ({}, {})
    assert draft.current(NPM) is None
    with pytest.raises(UnknownRole):
        draft.targets(NPM)


def test_a_role_with_artifacts_is_not_removed() -> None:
    draft = Event().draft()
    with pytest.raises(StillInUse, match=r"npm still has artifacts npm/keys\.json") as raised:
        remove_role(draft, NPM)
    assert raised.value.artifacts == ("npm/keys.json",)
    assert draft.files() == {}


def test_many_artifacts_are_named_in_part() -> None:
    event = Event()
    event.files |= {f"targets/npm/{number}": b"" for number in range(10)}
    draft = event.draft()
    with pytest.raises(StillInUse, match=r"and 6 more$"):
        remove_role(draft, NPM)


def test_a_role_that_delegates_is_removed_after_those_below_it() -> None:
    event = without_artifacts()
    draft = event.draft()
    delegate(draft, NPM, CORE, terms(DAVE), paths=["npm/core/*"])
    event.apply(draft)
    draft = event.draft()
    with pytest.raises(StillInUse, match="npm still has delegations npm-core"):
        remove_role(draft, NPM)
    remove_role(draft, CORE)
    remove_role(draft, NPM)
    files = event.apply(draft)
    assert {path for path, data in files.items() if data is None} == {
        "metadata/npm.json",
        "metadata/npm-core.json",
        "metadata/.signing-event-state",
    }


def test_a_role_is_removed_from_each_of_its_delegators() -> None:
    event = without_artifacts()
    draft = event.draft()
    delegate(draft, TARGETS, RoleName("pypi"), terms(ALICE))
    delegate(draft, RoleName("pypi"), NPM, terms(DAVE))
    event.apply(draft)
    draft = event.draft()
    remove_role(draft, NPM)
    event.apply(draft)
    assert event.signed("pypi").delegations.roles == {}
    assert list(event.signed("targets").delegations.roles) == ["pypi"]
    assert key_for("@dave").keyid not in event.signed("targets").delegations.keys


def test_a_role_that_is_removed_and_made_anew_continues_its_versions() -> None:
    event = without_artifacts()
    draft = event.draft()
    remove_role(draft, NPM)
    event.apply(draft)
    draft = event.draft()
    delegate(draft, TARGETS, NPM, terms(BOB))
    event.apply(draft)
    assert (event.signed("npm").version, event.signed("npm").targets) == (2, {})
    assert event.signed("targets").version == 2


def test_only_delegated_roles_are_removed() -> None:
    draft = Event().draft()
    with pytest.raises(CannotRemove, match="targets cannot be removed"):
        remove_role(draft, TARGETS)
    with pytest.raises(UnknownRole):
        remove_role(draft, CORE)


def test_artifacts_of_a_removed_role_are_not_looked_for_again() -> None:
    event = without_artifacts()
    draft = event.draft()
    remove_role(draft, NPM)
    update_targets(draft, ["npm/keys.json"], Lookup(draft.result()))
    assert draft.files()["metadata/npm.json"] is None


def test_a_role_may_be_removed_and_made_anew_in_one_draft() -> None:
    event = without_artifacts()
    event.merge()
    draft = event.draft()
    draft.targets(NPM).unrecognized_fields["x-old"] = 1
    remove_role(draft, NPM)
    delegate(draft, TARGETS, NPM, terms(BOB))
    event.apply(draft)
    assert event.signed("npm").version == 2
    assert "x-old" not in event.signed("npm").unrecognized_fields
