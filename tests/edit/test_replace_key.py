import pytest
from tests.edit.event import (
    ALICE,
    DAVE,
    NPM,
    Event,
    bare_key,
    independent_keyid,
    is_verified,
    terms,
)
from tests.support.sample import STRANGER, key_for

from tufline.repository.edit import (
    KeyInUse,
    KeyUnchanged,
    NotSigner,
    accept,
    delegate,
    invite,
    replace_key,
)
from tufline.repository.format import ROOT, TARGETS, Owner, RoleName


def test_the_new_key_stands_where_the_old_one_stood_in_every_role() -> None:
    event = Event()
    before = event.signed("root").roles["root"].keyids
    draft = event.draft()
    assert replace_key(draft, ALICE, bare_key("@alice#2")) == (ROOT,)
    event.apply(draft)
    root = event.signed("root")
    new = key_for("@alice#2").keyid
    for role in ("root", "targets"):
        assert root.roles[role].keyids == [new, *before[1:]]
    assert before[0] not in root.keys
    assert independent_keyid(root.keys[new]) == new


def test_the_old_and_the_new_root_both_accept_the_rotation() -> None:
    event = Event()
    old_root = event.signed("root")
    draft = event.draft()
    replace_key(draft, ALICE, bare_key("@alice#2"))
    event.apply(draft)
    event.sign("root", "@alice#2", "@bob", "@carol")
    metadata = event.load("root")
    assert is_verified(event, "root", "root")
    old_root.verify_delegate("root", metadata.signed_bytes, metadata.signatures)
    assert event.unsigned("root") == [key_for("@alice").keyid]


def test_every_delegator_that_knows_the_person_is_changed_and_no_other() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, ALICE, [NPM])
    accept(draft, ALICE, bare_key("@alice"))
    delegate(draft, NPM, RoleName("npm-core"), terms(DAVE))
    accept(draft, DAVE, bare_key("@dave"))
    event.apply(draft)
    event.merge()
    draft = event.draft()
    assert replace_key(draft, ALICE, bare_key("@alice#2")) == (ROOT, TARGETS)
    assert set(event.apply(draft)) == {
        "metadata/root.json",
        "metadata/root_history/2.root.json",
        "metadata/targets.json",
    }
    keyids = event.signed("targets").delegations.roles["npm"].keyids
    assert keyids == [key_for("@dave").keyid, key_for("@alice#2").keyid]


def test_two_keys_of_one_person_become_one() -> None:
    event = Event()
    draft = event.draft()
    root = draft.root()
    root.keys[key_for("@alice#2").keyid] = key_for("@alice#2")
    root.roles["root"].keyids.append(key_for("@alice#2").keyid)
    replace_key(draft, ALICE, bare_key("@alice#2"))
    event.apply(draft)
    keyids = event.signed("root").roles["root"].keyids
    assert keyids == [key_for(name).keyid for name in ("@alice#2", "@bob", "@carol")]


def test_replacements_that_cannot_be() -> None:
    draft = Event().draft()
    with pytest.raises(NotSigner, match="@mallory is not a signer of any role"):
        replace_key(draft, Owner(STRANGER), bare_key(STRANGER))
    with pytest.raises(KeyUnchanged, match="this is already the key of @alice"):
        replace_key(draft, ALICE, bare_key("@alice"))
    with pytest.raises(KeyInUse, match="the key of @bob"):
        replace_key(draft, ALICE, bare_key("@bob"))
    otherwise = bare_key("@bob")
    otherwise.keyval["public"] = otherwise.keyval["public"].replace("\n", "\r\n")
    with pytest.raises(KeyInUse, match="the key of @bob"):
        replace_key(draft, ALICE, otherwise)
    assert draft.files() == {}


def test_an_old_key_that_no_role_uses_is_removed_and_not_replaced() -> None:
    event = Event()
    draft = event.draft()
    draft.root().roles["root"].keyids.remove(key_for("@alice").keyid)
    draft.root().roles["targets"].keyids.remove(key_for("@alice").keyid)
    replace_key(draft, ALICE, bare_key("@alice#2"))
    event.apply(draft)
    keys = event.signed("root").keys
    assert not {key_for("@alice").keyid, key_for("@alice#2").keyid} & set(keys)


def test_signatures_of_the_old_key_leave_what_the_event_changed_and_nothing_else() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, ALICE, [NPM])
    accept(draft, ALICE, bare_key("@alice"))
    draft.renew(NPM)
    event.apply(draft)
    event.sign("npm", "@alice", "@dave")
    draft = event.draft()
    replace_key(draft, ALICE, bare_key("@alice#2"))
    files = event.apply(draft)
    signatures = event.load("npm").signatures
    assert "metadata/npm.json" in files
    assert key_for("@alice").keyid not in signatures
    assert signatures[key_for("@dave").keyid].signature
