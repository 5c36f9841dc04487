"""What is said of keys: who may sign now, and whose key replaces whose."""

from collections.abc import Callable

from tests.support.changing import facts_of, signer
from tests.support.sample import ONLINE, key_for
from tuf.api.metadata import Root

from tufline.repository import changes
from tufline.repository.changes import Signer


def test_threshold() -> None:
    found = facts_of("root", lambda root: setattr(root.roles["targets"], "threshold", 1))
    assert found == [changes.ThresholdChanged(role="targets", before=2, after=1)]


def test_a_signer_comes_with_a_key() -> None:
    found = facts_of("root", lambda root: root.add_key(key_for("@dave"), "root"))
    key = key_for("@dave")
    assert found == [
        changes.SignerAdded(role="root", signer=signer("@dave")),
        changes.KeyAdded(signer=signer("@dave"), keytype=key.keytype, scheme=key.scheme),
    ]


def test_a_signer_goes_with_the_key() -> None:
    def change(root: Root) -> None:
        root.revoke_key(key_for("@carol").keyid, "root")
        root.revoke_key(key_for("@carol").keyid, "targets")

    found = facts_of("root", change)
    assert found == [
        changes.SignerRemoved(role="root", signer=signer("@carol")),
        changes.SignerRemoved(role="targets", signer=signer("@carol")),
        changes.KeyRemoved(signer=signer("@carol")),
    ]


def replace_key(old: str, new: str, role: str) -> Callable[[Root], None]:
    def change(root: Root) -> None:
        root.revoke_key(key_for(old).keyid, role)
        root.add_key(key_for(new), role)

    return change


def test_a_new_key_of_the_same_person_is_a_replacement() -> None:
    [replaced, *_] = facts_of("root", replace_key("@bob", "@bob#2", "root"))
    assert replaced == changes.KeyReplaced(
        role="root", before=signer("@bob"), after=signer("@bob#2")
    )


def test_several_people_may_replace_their_keys_at_once() -> None:
    def change(root: Root) -> None:
        for name in ("@alice", "@bob"):
            replace_key(name, f"{name}#2", "root")(root)
        root.revoke_key(key_for("@carol").keyid, "root")

    found = facts_of("root", change)[:3]
    assert found == [
        changes.KeyReplaced(role="root", before=signer("@alice"), after=signer("@alice#2")),
        changes.KeyReplaced(role="root", before=signer("@bob"), after=signer("@bob#2")),
        changes.SignerRemoved(role="root", signer=signer("@carol")),
    ]


def test_two_keys_for_one_are_no_replacement() -> None:
    def change(root: Root) -> None:
        replace_key("@bob", "@bob#2", "root")(root)
        key = key_for("@mallory")
        key.unrecognized_fields["x-tuf-on-ci-keyowner"] = "@bob"
        root.add_key(key, "root")

    kinds = [type(fact) for fact in facts_of("root", change)[:3]]
    assert kinds == [changes.SignerRemoved, changes.SignerAdded, changes.SignerAdded]


def test_a_new_online_key_is_a_replacement() -> None:
    [replaced, *_] = facts_of("root", replace_key(ONLINE, "file2:next", "timestamp"))
    assert replaced == changes.KeyReplaced(
        role="timestamp", before=signer(ONLINE), after=signer("file2:next")
    )


def test_another_persons_key_is_no_replacement() -> None:
    [gone, come, *_] = facts_of("root", replace_key("@bob", "@mallory", "root"))
    assert gone == changes.SignerRemoved(role="root", signer=signer("@bob"))
    assert come == changes.SignerAdded(role="root", signer=signer("@mallory"))


def test_an_online_key_whose_uri_is_a_persons_name_is_no_replacement() -> None:
    def change(root: Root) -> None:
        root.revoke_key(key_for("@bob").keyid, "root")
        key = key_for("file2:next")
        key.unrecognized_fields["x-tuf-on-ci-online-uri"] = "@bob"
        root.add_key(key, "root")

    [gone, come, *_] = facts_of("root", change)
    assert gone == changes.SignerRemoved(role="root", signer=signer("@bob"))
    keyid = key_for("file2:next").keyid
    online = Signer(keyid=keyid, label=keyid, online=True)
    assert come == changes.SignerAdded(role="root", signer=online)


def test_key_bytes_under_the_same_id() -> None:
    other = key_for("@mallory")

    def change(root: Root) -> None:
        root.keys[key_for("@alice").keyid].keyval["public"] = other.keyval["public"]

    assert facts_of("root", change) == [
        changes.KeyChanged(
            signer=signer("@alice"),
            field=("keyval", "public"),
            before=key_for("@alice").keyval["public"],
            after=other.keyval["public"],
        )
    ]
