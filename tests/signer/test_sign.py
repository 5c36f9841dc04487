"""`tufline sign`, with keys in files: what it asks, answers, and leaves on the server."""

from datetime import timedelta

import pytest
from tests.signer.helpers import EVENT, NOW, Holder, Server, git, write_key

from tufline.repository.review import Ready


def test_accepting_and_signing_leads_to_a_ready_event(
    server: Server, alice: Holder, bob: Holder
) -> None:
    server.start(alice, alice, bob, threshold=2)
    first = alice.yes("sign", EVENT)
    assert "root can be signed once these have accepted: @bob_acme" in first.out
    assert first.last == "sign/start is waiting for @alice, @bob_acme"
    assert bob.yes("sign", EVENT).last == "sign/start is waiting for @alice"
    assert alice.yes("sign", EVENT).last == "sign/start is ready to be merged"
    assert server.review().verdict == Ready()


def test_both_copies_of_root_get_the_signature(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    alice.yes("sign", "sign/next")
    root = started.read("metadata/root.json", "sign/next")
    assert root == started.read("metadata/root_history/2.root.json", "sign/next")
    (role,) = started.review("sign/next").roles
    assert role.signed == ("@alice",)


def test_signing_is_one_commit_in_the_users_name(
    server: Server, alice: Holder, bob: Holder
) -> None:
    server.start(alice, alice, bob)
    bob.yes("sign", EVENT)
    alice.yes("sign", EVENT)
    log = git(server.path, "log", "-3", "--format=%an <%ae> %s", EVENT).splitlines()
    assert log == [
        "The User <user@example.org> Sign root, targets as @alice",
        "The User <user@example.org> Accept the invitation of @alice",
        "The User <user@example.org> Sign targets as @bob_acme",
    ]


def test_role_is_not_signed_while_an_invitation_would_change_it(
    server: Server, alice: Holder, bob: Holder
) -> None:
    server.start(alice, alice, bob)
    alice.yes("sign", EVENT)
    signed = {role.name: role.signed for role in server.review().roles}
    assert signed == {"root": (), "targets": ("@alice",)}


def test_nothing_to_do_is_an_answer(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    alice.yes("sign", "sign/next")
    before = started.heads()
    outcome = alice.run("sign", "sign/next")
    assert outcome.code == 0
    assert outcome.out.endswith(
        "nothing more for @alice to sign now\nsign/next is waiting for @bob_acme\n"
    )
    assert started.heads() == before


def test_without_a_name_the_waiting_events_are_listed(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    outcome = alice.run("sign")
    assert outcome.code == 2
    assert outcome.out == (
        "sign/next\n"
        "  for you     sign root version 2\n"
        "  changes     root: how many days a version stays valid: 365 → 300\n"
        "  since       2026-03-01\n"
        "  until       2027-03-01, when root version 1 ends\n"
        "  waits also  for @bob_acme\n\n"
    )
    assert "Error: there is no terminal to ask at: give EVENT\n" in outcome.err
    assert started.review("sign/next").roles[0].signed == ()


def test_events_that_must_not_be_signed_are_marked(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/bad", "root", "--expiry-period", "300")
    alice.yes("delegate", "sign/next", "targets", "--expiry-period", "200")
    started.commit("sign/bad", ".github/workflows/ci.yml", "on: push\n")
    outcome = alice.run("sign", at=NOW + timedelta(days=400))
    assert outcome.code == 2
    first, second = outcome.out.rstrip().split("\n\n")
    lines = first.splitlines()
    assert lines[:2] == ["sign/bad", "  for you     sign root version 2"]
    assert "              new: .github/workflows/ci.yml" in lines
    assert "  until       2027-03-01, when root version 1 ended" in lines
    assert lines[-1].startswith("  REFUSED     ")
    assert lines[-1].endswith(": do not sign it")
    assert second.startswith("sign/next\n  for you     sign ")


def test_without_a_name_and_without_events_there_is_nothing_to_do(alice: Holder) -> None:
    outcome = alice.run("sign")
    assert (outcome.code, outcome.out) == (0, "no signing event waits for @alice\n")


def test_without_a_terminal_the_flag_is_named(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    before = started.heads()
    outcome = alice.run("sign", "sign/next")
    assert outcome.code == 2
    assert "Error: there is no terminal to ask at: give --yes\n" in outcome.err
    assert started.heads() == before


def test_unknown_user_is_told_to_look_at_the_settings(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    stranger = started.holder("@mallory")
    outcome = stranger.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        "error: @mallory has no key and no invitation in sign/next\n"
        f"hint: check user-name in {stranger.clone}/.tufline-sign.toml, or ask to be invited\n"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sign/other", "there is no branch or commit 'sign/other'"),
        ("main", "main is not a signing event"),
    ],
)
def test_event_that_is_not_there_is_named(
    started: Server, alice: Holder, name: str, message: str
) -> None:
    del started
    outcome = alice.run("sign", name, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: {message}\nhint: ")


def test_refused_event_is_shown_and_not_signed(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    started.commit("sign/next", ".github/workflows/ci.yml", "on: push\n")
    before = started.heads()
    outcome = alice.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert ".github/workflows/ci.yml" in outcome.out
    assert outcome.err == (
        "error: sign/next is refused: 1 error\n"
        "hint: nothing was signed; docs/rules.md says what each rule means and what to do\n"
    )
    assert started.heads() == before


def test_row_d_artifact_that_is_not_what_the_metadata_lists_is_not_signed(
    started: Server, alice: Holder
) -> None:
    file = alice.clone.parent / "file.txt"
    file.write_text("what alice lists\n")
    alice.yes("target", "add", "sign/next", file)
    started.commit("sign/next", "targets/file.txt", "what mallory puts\n")
    before = started.heads()
    outcome = alice.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert "artifact-content, role targets, file targets/file.txt" in outcome.out
    assert outcome.err.startswith("error: sign/next is refused: 1 error\nhint: nothing was signed;")
    assert started.heads() == before


def test_stale_event_is_not_signed(started: Server, alice: Holder, bob: Holder) -> None:
    alice.yes("delegate", "sign/old", "root", "--expiry-period", "300")
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "200")
    for person in (alice, bob):
        person.yes("sign", "sign/next")
    started.merge("sign/next")
    before = started.heads()
    outcome = alice.run("sign", "sign/old", "--yes")
    assert outcome.code == 1
    assert "stale" in outcome.out
    assert outcome.err.startswith("error: sign/old is refused: ")
    assert started.heads() == before


def test_key_that_the_metadata_does_not_have_is_not_used(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    before = started.heads()
    write_key(alice.key_file)
    outcome = alice.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert f"of @alice is not in file2:{alice.key_file}" in outcome.err
    assert started.heads() == before


def test_old_and_new_key_of_one_person_both_sign_a_new_root(
    started: Server, alice: Holder, bob: Holder
) -> None:
    old, new = alice.key_file, alice.clone.parent / "alice-new.pem"
    write_key(new)
    alice.yes("key", "replace", "sign/key", "--key", f"file2:{new}")
    keyids = {key: entry for entry, key in _keys_of_alice(started)}
    alice.settings(
        'user-name = "@alice"\n[signing-keys]\n'
        f'{keyids["old"]} = "file2:{old}"\n{keyids["new"]} = "file2:{new}"\n'
    )
    alice.yes("sign", "sign/key")
    bob.yes("sign", "sign/key")
    (root,) = [role for role in started.review("sign/key").roles if role.name == "root"]
    assert root.ready
    assert root.signed == ("@alice", "@bob_acme")
    assert root.previous is not None
    assert root.previous.signed == ("@alice", "@bob_acme")


def test_lost_old_key_does_not_stop_the_new_one(
    started: Server, alice: Holder, bob: Holder
) -> None:
    new = alice.clone.parent / "alice-new.pem"
    write_key(new)
    alice.yes("key", "replace", "sign/key", "--key", f"file2:{new}", "--no-old-key")
    alice.key_file.unlink()
    (old, _), _ = _keys_of_alice(started)
    outcome = alice.yes("sign", "sign/key", "--key", f"file2:{new}")
    assert f"root is not signed with your key {old[:7]}, which is not at hand\n" in outcome.out
    del bob


def test_settings_that_still_name_the_file_of_a_key_that_is_gone_do_not_stop_the_new_one(
    started: Server, alice: Holder
) -> None:
    new = alice.clone.parent / "alice-new.pem"
    write_key(new)
    alice.yes("key", "replace", "sign/key", "--key", f"file2:{new}", "--no-old-key")
    (old, _), _ = _keys_of_alice(started)
    alice.settings(
        f'user-name = "@alice"\nkey = "file2:{new}"\n'
        f'[signing-keys]\n{old} = "file2:{alice.key_file}"\n'
    )
    alice.key_file.unlink()
    outcome = alice.yes("sign", "sign/key")
    assert f"root is not signed with your key {old[:7]}, which is not at hand\n" in outcome.out


def _keys_of_alice(server: Server) -> list[tuple[str, str]]:
    """Return the ids of the old and the new key, in this order."""
    found: dict[str, str] = {}
    with server.event("sign/key") as event:
        for state, name in ((event.known_good, "old"), (event.proposed, "new")):
            root = state.root()
            assert root is not None
            for keyid, key in root.tree()["signed"]["keys"].items():  # type: ignore[union-attr]
                if key.get("x-tuf-on-ci-keyowner") == "@alice":
                    found.setdefault(keyid, name)
    return list(found.items())


def test_time_is_the_one_that_is_given(started: Server, alice: Holder) -> None:
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    assert git(started.path, "log", "-1", "--format=%cI", "sign/next") == NOW.isoformat()


def test_change_that_is_taken_back_leaves_an_unchanged_event(
    started: Server, alice: Holder
) -> None:
    started.commit("main", "notes.txt", "nothing\n")
    git(started.path, "branch", "sign/next", "main")
    outcome = alice.yes("sign", "sign/next")
    assert outcome.last == "sign/next is unchanged"
