import pytest
from tests.edit.event import ALICE, BOB, DAVE, NPM, Event, bare_key, days, is_verified, terms
from tests.support.sample import key_for
from tuf.api.metadata import DelegatedRole, Delegations, SuccinctRoles

from tufline.repository.edit import (
    CannotDelegate,
    InvalidPaths,
    NotDelegated,
    NotSigner,
    OnlineKey,
    RoleExists,
    RoleTerms,
    ThresholdOutOfRange,
    UnknownRole,
    accept,
    delegate,
    remove_role,
    set_paths,
    set_terminating,
)
from tufline.repository.format import ROOT, TARGETS, InvalidRoleName, RoleName

PYPI = RoleName("pypi")
DEEP = RoleName("npm-core")


def test_a_new_role_owns_its_folder_and_waits_for_the_invited() -> None:
    event = Event()
    draft = event.draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE, BOB, threshold=2))
    files = event.apply(draft)
    assert set(files) == {
        "metadata/pypi.json",
        "metadata/targets.json",
        "metadata/.signing-event-state",
    }
    role = event.signed("targets").delegations.roles["pypi"]
    assert role.paths == ["pypi/*", "pypi/*/*", "pypi/*/*/*", "pypi/*/*/*/*"]
    assert (role.threshold, role.terminating, role.keyids) == (2, True, [])
    assert list(event.signed("targets").delegations.roles) == ["npm", "pypi"]
    assert event.signed("pypi").version == 1


def test_the_people_of_a_new_role_accept_and_sign_it() -> None:
    event = Event()
    draft = event.draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    accept(draft, ALICE, bare_key("@alice"))
    event.apply(draft)
    assert event.unsigned("pypi") == [key_for("@alice").keyid]
    event.sign("pypi", "@alice")
    assert is_verified(event, "targets", "pypi")


def test_a_role_may_delegate_below_a_delegated_role() -> None:
    event = Event()
    draft = event.draft()
    delegate(draft, NPM, DEEP, terms(BOB), paths=["npm/core/*"], terminating=False)
    accept(draft, BOB, bare_key("@bob"))
    event.apply(draft)
    event.sign("npm-core", "@bob")
    role = event.signed("npm").delegations.roles["npm-core"]
    assert (role.paths, role.terminating) == (["npm/core/*"], False)
    assert is_verified(event, "npm", "npm-core")
    assert event.draft().delegators(DEEP) == (NPM,)


def test_an_online_signed_role_has_the_key_at_once_and_an_empty_signature() -> None:
    event = Event()
    draft = event.draft()
    key = OnlineKey(key=bare_key("file2:next"), uri="file2:next")
    delegate(draft, TARGETS, PYPI, RoleTerms(keys=(key,), periods=days(30, 10)))
    event.apply(draft)
    assert event.unsigned("pypi") == [key_for("file2:next").keyid]
    event.sign("pypi", "file2:next")
    assert is_verified(event, "targets", "pypi")


def test_a_second_delegator_trusts_the_keys_that_the_role_has_and_leaves_the_role_alone() -> None:
    event = Event()
    draft = event.draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    accept(draft, ALICE, bare_key("@alice"))
    event.apply(draft)
    draft = event.draft()
    delegate(draft, PYPI, NPM, terms(DAVE), paths=["pypi/js/*"])
    assert set(event.apply(draft)) == {"metadata/pypi.json"}
    assert event.draft().delegators(NPM) == (TARGETS, PYPI)
    assert is_verified(event, "pypi", "npm")


def test_a_second_delegator_cannot_bring_new_signers_to_a_role() -> None:
    draft = Event().draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    with pytest.raises(NotSigner, match="@bob is not a signer of npm"):
        delegate(draft, PYPI, NPM, terms(BOB))


def test_a_role_made_anew_goes_on_above_the_versions_that_clients_have_seen() -> None:
    event = Event()
    draft = event.draft(seen_versions={PYPI: 5})
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    event.apply(draft)
    assert event.signed("pypi").version == 6


def test_paths_and_terminating_are_set_in_the_delegator() -> None:
    event = Event()
    draft = event.draft()
    set_paths(draft, TARGETS, NPM, ["npm/*"])
    set_terminating(draft, TARGETS, NPM, terminating=False)
    assert set(event.apply(draft)) == {"metadata/targets.json"}
    role = event.signed("targets").delegations.roles["npm"]
    assert (role.paths, role.terminating) == (["npm/*"], False)


@pytest.mark.parametrize("paths", [[], [""], ["/npm/*"], ["npm/../*"], ["npm//*"], ["npm/"]])
def test_paths_that_match_nothing_are_refused(paths: list[str]) -> None:
    draft = Event().draft()
    with pytest.raises(InvalidPaths):
        set_paths(draft, TARGETS, NPM, paths)
    with pytest.raises(InvalidPaths):
        delegate(draft, TARGETS, PYPI, terms(ALICE), paths=paths)
    assert draft.files() == {}


def test_delegations_that_cannot_be() -> None:
    draft = Event().draft()
    with pytest.raises(RoleExists, match="targets delegates to npm already"):
        delegate(draft, TARGETS, NPM, terms(ALICE))
    with pytest.raises(CannotDelegate):
        delegate(draft, ROOT, PYPI, terms(ALICE))
    with pytest.raises(CannotDelegate):
        delegate(draft, NPM, NPM, terms(ALICE))
    with pytest.raises(InvalidRoleName):
        delegate(draft, TARGETS, ROOT, terms(ALICE))
    with pytest.raises(ThresholdOutOfRange):
        delegate(draft, TARGETS, PYPI, terms(ALICE, threshold=2))
    with pytest.raises(UnknownRole):
        delegate(draft, PYPI, NPM, terms(ALICE))
    with pytest.raises(NotDelegated, match="npm does not delegate to pypi"):
        set_paths(draft, NPM, PYPI, ["a"])
    with pytest.raises(NotDelegated):
        set_terminating(draft, ROOT, TARGETS, terminating=True)
    assert draft.files() == {}


def test_a_role_that_is_made_and_removed_in_one_draft_leaves_no_trace() -> None:
    draft = Event().draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    remove_role(draft, PYPI)
    assert draft.files() == {}


def test_a_role_with_succinct_delegations_cannot_delegate_by_name() -> None:
    draft = Event().draft()
    draft.targets(NPM).delegations = Delegations({}, None, SuccinctRoles([], 1, 2, "bin"))
    with pytest.raises(CannotDelegate, match="npm cannot delegate to pypi"):
        delegate(draft, NPM, PYPI, terms(ALICE))


def test_paths_take_the_place_of_hash_prefixes() -> None:
    event = Event()
    draft = event.draft()
    role = DelegatedRole("npm", [], 1, terminating=True, path_hash_prefixes=["ab"])
    delegations = draft.targets(TARGETS).delegations
    assert delegations is not None
    delegations.roles = {"npm": role}
    set_paths(draft, TARGETS, NPM, ["npm/*"])
    event.apply(draft)
    after = event.signed("targets").delegations.roles["npm"]
    assert (after.paths, after.path_hash_prefixes) == (["npm/*"], None)


def test_metadata_that_nobody_delegated_to_is_taken_as_it_is() -> None:
    event = Event()
    event.files["metadata/pypi.json"] = event.files["metadata/npm.json"]
    draft = event.draft()
    delegate(draft, TARGETS, PYPI, terms(ALICE))
    assert "metadata/pypi.json" not in event.apply(draft)
