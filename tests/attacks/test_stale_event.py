"""An event from an old base, signed by a key that main has revoked since."""

from collections.abc import Mapping

import pytest
from tests.attacks.attack import errors
from tests.support.judging import places, verdict
from tests.support.memory_history import USER, MemoryHistory
from tests.support.sample import NOW, Sample, key_for
from tuf.api.metadata import Root, Targets

from tufline.repository.history import Commit
from tufline.repository.jobs._events import event_between
from tufline.repository.review import Review


def commit(history: MemoryHistory, contents: Mapping[str, bytes], *parents: Commit) -> Commit:
    return history.write(
        tree=None, changes=contents, parents=parents, message="x", author=USER, when=NOW
    )


def judged(old: Sample, main: Sample, event: Sample) -> Review:
    """Judge an event that began at `old`, when main has gone on."""
    history = MemoryHistory()
    base = commit(history, old.files)
    ours, theirs = commit(history, main.files, base), commit(history, event.files, base)
    return event_between(history, ours, theirs, name="sign/x").review(now=NOW)


def revoke_alice(root: Root) -> None:
    for role in ("root", "targets"):
        root.revoke_key(key_for("@alice").keyid, role)


def revoke_dave(targets: Targets) -> None:
    targets.revoke_key(key_for("@dave").keyid, "npm")
    targets.add_key(key_for("@carol"), "npm")


def test_the_same_event_on_time_is_ready() -> None:
    old = Sample()
    event = old.copy()
    event.edit("targets", signers=["@alice", "@bob"])
    assert verdict(judged(old, old, event)) == "ready"


def test_revoked_root_key_signs_an_old_event() -> None:
    old = Sample()
    main, event = old.copy(), old.copy()
    main.edit("root", revoke_alice)
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    found = judged(old, main, event)
    assert errors(found) == {"signature-unknown"}
    assert [role.ready for role in found.roles] == [False]


def test_revoked_delegate_signs_an_old_event() -> None:
    old = Sample()
    main, event = old.copy(), old.copy()
    main.edit("targets", revoke_dave)
    main.edit("npm", signers=["@carol"])
    event.put("npm/keys.json", b"evil\n")
    found = judged(old, main, event)
    assert places(found, "stale-path") == ["error metadata/npm.json"]
    assert "signature-unknown" in errors(found)


def test_revoked_delegate_signs_and_main_has_not_touched_its_role() -> None:
    old = Sample()
    old.edit("targets", lambda targets: targets.add_key(key_for("@carol"), "npm"))
    old.edit("npm", signers=["@carol", "@dave"])
    main, event = old.copy(), old.copy()
    main.edit("targets", lambda targets: targets.revoke_key(key_for("@dave").keyid, "npm"))
    event.put("npm/keys.json", b"evil\n")
    event.sign("npm", event.load("npm"), ["@dave"])
    assert "signature-unknown" in errors(judged(old, main, event))


def test_old_root_brings_a_revoked_key_back() -> None:
    old = Sample()
    main, event = old.copy(), old.copy()
    main.edit("root", revoke_alice)
    event.edit("root")
    found = judged(old, main, event)
    assert set(places(found, "stale-path")) == {
        "error metadata/root.json",
        "error metadata/root_history/2.root.json",
    }
    assert verdict(found) == "refused"


@pytest.mark.parametrize("times", [2, 3])
def test_event_without_one_common_ancestor_has_no_known_good(times: int) -> None:
    history = MemoryHistory()
    old = Sample()
    event = old.copy()
    event.put("file.txt", b"two\n")
    one = commit(history, old.files)
    two = commit(history, {**old.files, "x": b""})
    main = commit(history, old.files, one, two)
    parents = (one, two) if times == 2 else ()
    found = event_between(
        history, main, commit(history, event.files, *parents), name="sign/x"
    ).review(now=NOW)
    assert "merge-base" in errors(found)
