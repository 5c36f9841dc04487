"""An event that brings a repository of other tools: the root that clients hold counts."""

from datetime import timedelta

import pytest
from tests.support.published import NOW, Published, signer

from tufline.repository.edit import Adoption, AlreadyStarted, Draft, adopt
from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Owner,
    Periods,
    content_keyid,
    key_owner,
    online_uri,
)
from tufline.repository.review import Policy, Review, Waiting, review, with_holders
from tufline.repository.state import Delegation, MemoryFiles, State, delegation_of

PERIODS = Periods(expiry=timedelta(days=20), signing=timedelta(days=5))
EMPTY = State(MemoryFiles({}))


def adoption() -> Adoption:
    keyids = {name: signer(name).public_key.keyid for name in ("alice", "bob", "online")}
    return Adoption(
        owners={keyids["alice"]: Owner("@alice"), keyids["bob"]: Owner("@bob")},
        uris={keyids["online"]: "file2:online"},
        periods=dict.fromkeys((ROOT, TARGETS, SNAPSHOT, TIMESTAMP), PERIODS),
    )


def imported(old: Published) -> Published:
    """Return what an import makes of a repository: nobody has signed it yet."""
    draft = Draft(
        known_good=EMPTY,
        event=EMPTY,
        now=NOW,
        seen_versions={ROOT: old.version("root"), TARGETS: old.version("targets")},
    )
    roles = {ROOT: old.load("root").signed, TARGETS: old.load("targets").signed}
    adopt(draft, roles, adoption())
    for path, data in draft.files().items():
        assert data is not None
        old.files[path] = data
    return old


def sign(event: Published, role: str, *names: str, old: bool = True, new: bool = True) -> None:
    """Sign under the ids of the root before, of the new one, or both."""
    metadata = event.load(role)
    root = event.load("root").signed
    for name in names:
        key = signer(name).public_key
        signature = signer(name).sign(metadata.signed_bytes)
        same = [each for each in root.keys.values() if each.keyval == key.keyval]
        for keyid in (*([key.keyid] if old else ()), *(each.keyid for each in same if new)):
            signature.keyid = keyid
            metadata.signatures[keyid] = type(signature)(keyid, signature.signature)
    data = metadata.to_bytes()
    event.files[f"metadata/{role}.json"] = data
    if role == "root":
        event.files[f"metadata/root_history/{root.version}.root.json"] = data


def judge(event: Published, **policy: int) -> Review:
    return review(None, event.state(), now=NOW, policy=Policy(**policy))  # type: ignore[arg-type] # names of its own


def test_people_are_missing_by_name_until_they_have_signed_under_both_ids() -> None:
    event = imported(Published())
    first = judge(event).verdict
    sign(event, "root", "alice", "bob")
    sign(event, "targets", "alice", old=False)
    second = judge(event).verdict
    sign(event, "targets", "alice")
    third = judge(event)

    assert isinstance(first, Waiting)
    assert first.missing == {"@alice", "@bob"}
    assert isinstance(second, Waiting)
    assert second.missing == {"@alice"}
    assert third.accepted, third.findings


@pytest.mark.parametrize(("old", "new"), [(True, False), (False, True)])
def test_root_needs_both_thresholds(old: bool, new: bool) -> None:  # noqa: FBT001 - two cases
    event = imported(Published())
    sign(event, "targets", "alice")
    sign(event, "root", "alice", "bob", old=old, new=new)

    assert isinstance(judge(event).verdict, Waiting)


def test_root_before_that_did_not_sign_itself_is_an_error() -> None:
    old = Published()
    root = old.load("root")
    root.signatures.clear()
    old.files["metadata/root_history/1.root.json"] = root.to_bytes()

    found = [each for each in judge(imported(old)).errors if each.rule == "root-chain"]

    assert [each.message for each in found] == [
        "root 1 has 0 of 2 signatures by the keys of itself; bring the root that clients hold"
    ]


def test_older_roots_that_do_not_lead_on_are_told() -> None:
    old = Published()
    first = old.load("root")
    old.rotate()
    first.signatures.clear()
    old.files["metadata/root_history/1.root.json"] = first.to_bytes()
    event = imported(old)

    told = [each for each in judge(event).findings if each.rule == "root-chain"]
    silent = [each for each in judge(event, oldest_root=2).findings if each.rule == "root-chain"]

    assert [each.message.partition(";")[0] for each in told] == ["roots before 2 do not verify"]
    assert silent == []


def test_root_before_the_oldest_does_not_count() -> None:
    """Where main says that nobody holds root 1 any more, its keys need not sign."""
    event = imported(Published())

    found = judge(event, oldest_root=2)

    assert all(role.previous is None for role in found.roles)


def test_repository_that_is_published_already_is_not_signed_for_older_clients() -> None:
    """Brought as it is, its targets was signed for the root of today alone."""
    old = Published()
    old.rotate(targets_people=("bob",))
    old.renew("targets")
    old.sign_online()

    targets = next(each for each in judge(old).roles if each.name == TARGETS)

    assert targets.previous is None


def test_where_there_is_a_repository_none_is_adopted() -> None:
    old = Published()
    draft = Draft(known_good=old.state(), event=old.state(), now=NOW)

    with pytest.raises(AlreadyStarted):
        adopt(draft, {}, adoption())


def test_holders_are_known_by_the_public_key_and_ids_stay() -> None:
    old = Published()
    before = old.state().root()
    event = imported(old)
    known = event.load("root").signed.keys.values()
    assert all(content_keyid(key) == key.keyid for key in known)

    people, online = (_word(before, role) for role in (ROOT, TIMESTAMP))
    named = with_holders(people, known)

    assert named.keys.keys() == people.keys.keys()
    assert [key_owner(key) for key in named.keys.values()] == ["@alice", "@bob"]
    assert [online_uri(key) for key in with_holders(online, known).keys.values()] == [
        "file2:online"
    ]
    assert with_holders(named, ()) is named
    assert [key_owner(key) for key in with_holders(people, ()).keys.values()] == [None, None]


def _word(root: object, role: str) -> Delegation:
    found = delegation_of(ROOT, root, role)  # type: ignore[arg-type] # as a state has them
    assert found is not None
    return found
