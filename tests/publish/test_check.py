from collections.abc import Callable

import pytest
from tests.publish.scenarios import SCENARIOS, before_and_after, change_targets_people, delegate
from tests.support.published import Published

from tufline.repository.format import RoleName
from tufline.repository.publish import (
    NotPublishable,
    Overwrite,
    Rollback,
    StopsClients,
    Unverified,
    check_transition,
)
from tufline.repository.state import State


def unverified_of(before: State | None, after: State) -> set[tuple[int, str]]:
    with pytest.raises(StopsClients) as caught:
        check_transition(before, after)
    assert "emergency" in (caught.value.hint or "")
    return {(each.root, each.role) for each in caught.value.unverified}


@pytest.mark.parametrize("name", SCENARIOS)
def test_transition_that_clients_can_follow_passes(name: str) -> None:
    check_transition(*before_and_after(SCENARIOS[name]))


def test_new_online_key_alone_is_refused_naming_roles_and_root() -> None:
    repository = Published()
    before = repository.state()
    repository.rotate(online=("online-2",))
    repository.sign_online(by=("online-2",))

    assert unverified_of(before, repository.state()) == {(1, "snapshot"), (1, "timestamp")}


def test_old_online_key_alone_is_refused() -> None:
    repository = Published()
    before = repository.state()
    repository.rotate(online=("online-2",))
    repository.sign_online(by=("online",))

    assert unverified_of(before, repository.state()) == {(2, "snapshot"), (2, "timestamp")}


def test_every_root_on_the_way_counts() -> None:
    repository = Published()
    before = repository.state()
    repository.rotate(online=("online-2",))
    repository.rotate(online=("online-3",))
    repository.sign_online(by=("online", "online-3"))

    assert unverified_of(before, repository.state()) == {(2, "snapshot"), (2, "timestamp")}


def test_targets_that_the_old_root_does_not_accept_needs_an_emergency() -> None:
    before, after = before_and_after(change_targets_people)

    assert unverified_of(before, after) == {(1, "targets")}
    check_transition(before, after, emergency=True)


def test_emergency_does_not_excuse_what_the_newest_root_does_not_accept() -> None:
    repository = Published()
    before = repository.state()
    repository.rotate(targets_people=("erin",))
    repository.sign_online()

    with pytest.raises(StopsClients, match=r"^targets version 2 does not verify under root 2$"):
        check_transition(before, repository.state(), emergency=True)


def test_root_that_the_root_before_does_not_accept_is_refused_even_in_an_emergency() -> None:
    repository = Published()
    before = repository.state()
    repository.people = ("mallory", "trudy")
    repository.rotate()
    repository.sign_online()

    with pytest.raises(StopsClients) as caught:
        check_transition(before, repository.state(), emergency=True)
    assert caught.value.unverified == (Unverified(root=1, role=RoleName("root"), version=2),)


def test_first_publication_must_verify_under_its_own_root() -> None:
    repository = Published()
    repository.sign_online(by=("mallory",))

    assert unverified_of(None, repository.state()) == {(1, "snapshot"), (1, "timestamp")}


def lower(role: str) -> Callable[[Published], None]:
    def change(repository: Published) -> None:
        metadata = repository.load(role)
        metadata.signed.version -= 1
        repository.files[f"metadata/{role}.json"] = metadata.to_bytes()
        if role == "snapshot":
            repository.renew_timestamp()
        if role == "targets":
            repository.sign_online()

    return change


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_lower_version_is_refused(role: str) -> None:
    repository = Published()
    repository.renew("targets")
    repository.sign_online()
    before = repository.state()
    lower(role)(repository)

    with pytest.raises(Rollback) as caught:
        check_transition(before, repository.state())
    assert caught.value.role == role
    assert caught.value.deployed == (caught.value.offered or 0) + 1


def test_lower_root_is_refused() -> None:
    repository = Published()
    older = repository.state()
    repository.rotate()
    repository.sign_online()

    with pytest.raises(Rollback, match="root version 2 is deployed, version 1 is to be published"):
        check_transition(repository.state(), older)


def test_entry_dropped_from_snapshot_is_refused_but_in_an_emergency() -> None:
    repository = Published()
    delegate(repository)
    before = repository.state()
    snapshot = repository.load("snapshot")
    del snapshot.signed.meta["a@b.c+d-1.x.json"]
    del repository.files["metadata/a@b.c+d-1.x.json"]
    repository.files["metadata/snapshot.json"] = snapshot.to_bytes()
    repository.sign_online()

    with pytest.raises(Rollback, match="no version of it is to be published"):
        check_transition(before, repository.state())
    check_transition(before, repository.state(), emergency=True)


@pytest.mark.parametrize("role", ["timestamp", "snapshot"])
def test_other_bytes_under_a_published_version_are_refused(role: str) -> None:
    repository = Published()
    before = repository.state()
    metadata = repository.load(role)
    metadata.signed.unrecognized_fields["x"] = "y"
    repository.files[f"metadata/{role}.json"] = metadata.to_bytes()
    if role == "snapshot":
        repository.renew_timestamp()

    with pytest.raises(Overwrite, match=f"{role} version 1 is published already"):
        check_transition(before, repository.state())


def test_root_with_fewer_signatures_under_a_published_version_is_refused() -> None:
    repository = Published(threshold=1)
    before = repository.state()
    metadata = repository.load("root")
    metadata.signatures.popitem()
    repository.files["metadata/root.json"] = metadata.to_bytes()
    repository.files["metadata/root_history/1.root.json"] = metadata.to_bytes()

    with pytest.raises(Overwrite, match="root version 1 is published already"):
        check_transition(before, repository.state())


def test_targets_signed_again_under_a_published_version_is_refused() -> None:
    repository = Published()
    repository.rotate(targets_people=("alice", "bob"))
    repository.renew("targets")
    repository.sign_online()
    before = repository.state()
    metadata = repository.load("targets")
    metadata.signatures.popitem()
    repository.files["metadata/targets.json"] = metadata.to_bytes()
    repository.sign_online()

    with pytest.raises(Overwrite, match="targets version 3 is published already"):
        check_transition(before, repository.state())


def test_empty_signature_more_or_less_is_the_same_published_version() -> None:
    repository = Published()
    repository.add_empty_signature("targets", "bob")
    repository.add_empty_signature("root", "carol")
    before = repository.state()
    clean = Published()
    for path in ("metadata/targets.json", "metadata/root.json"):
        repository.files[path] = clean.files[path]
    repository.files["metadata/root_history/1.root.json"] = clean.files["metadata/root.json"]

    check_transition(before, repository.state())


def test_historic_root_with_another_version_is_refused() -> None:
    repository = Published()
    before = repository.state()
    repository.rotate()
    repository.rotate()
    repository.sign_online()
    third = repository.files["metadata/root_history/3.root.json"]
    repository.files["metadata/root_history/2.root.json"] = third

    with pytest.raises(NotPublishable, match=r"2\.root\.json: holds version 3"):
        check_transition(before, repository.state())
