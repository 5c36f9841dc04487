"""`tufline role remove`: a role and all that would be left without one, in one event."""

import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse, git, targets_of


@pytest.fixture
def nested(started: Server, alice: Holder) -> Server:
    """Return the server with npm, which delegates to keys, in an event; both list artifacts."""
    file = alice.clone.parent / "file.txt"
    file.write_text("one\n")
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    below = ("--delegator", "npm", "--path", "npm/keys/*", "--signers", "@alice,@carol")
    alice.yes("delegate", NEXT, "keys", *below)
    alice.yes("target", "add", NEXT, file, "--role", "npm")
    alice.yes("target", "add", NEXT, file, "--role", "keys", "--name", "npm/keys/a")
    return started


def _files(server: Server) -> set[str]:
    return set(git(server.path, "ls-tree", "-r", "--name-only", NEXT).splitlines())


def test_role_goes_with_all_that_hangs_on_it(nested: Server, alice: Holder) -> None:
    outcome = alice.yes("role", "remove", NEXT, "npm")
    assert outcome.out.startswith(
        "npm goes, with its metadata and delegations\n"
        "  and the role keys, to which nobody else delegates\n"
        "  and the artifact npm/file.txt\n"
        "  and the artifact npm/keys/a\n"
    )
    assert git(nested.path, "log", "-1", "--format=%s", NEXT) == "Remove npm, keys"
    left = _files(nested)
    assert not {path for path in left if "npm" in path or "keys" in path}
    assert "metadata/.signing-event-state" not in left
    delegations = targets_of(nested).delegations
    assert delegations is not None
    assert (delegations.roles, delegations.keys) == ({}, {})


def test_role_that_others_delegate_to_stays(nested: Server, alice: Holder) -> None:
    other = ("--path", "keys/*", "--signers", "@alice")
    alice.yes("delegate", NEXT, "keys", "--delegator", "targets", *other)
    outcome = alice.yes("role", "remove", "npm", "--event", NEXT)
    assert "and the role keys" not in outcome.out
    assert "metadata/keys.json" in _files(nested)


def test_nested_role_goes_alone(nested: Server, alice: Holder) -> None:
    outcome = alice.yes("role", "remove", NEXT, "keys")
    assert "npm goes" not in outcome.out
    assert {"metadata/npm.json", "targets/npm/file.txt"} <= _files(nested)
    assert not {"metadata/keys.json", "targets/npm/keys/a"} & _files(nested)
    assert targets_of(nested, "npm").delegations is None or not (
        targets_of(nested, "npm").delegations.roles  # type: ignore[union-attr]
    )


@pytest.mark.parametrize(
    ("role", "message", "hint"),
    [
        ("targets", "targets cannot be removed", "only delegated roles can be removed"),
        ("nobody", "there is no role nobody", "check the role's name"),
    ],
)
def test_role_that_cannot_go_is_named(
    started: Server, alice: Holder, role: str, message: str, hint: str
) -> None:
    outcome = alice.run("role", "remove", NEXT, role, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(f"error: {message}\nhint: {hint}")
    assert NEXT not in started.heads()


def test_at_a_terminal_the_role_is_chosen(nested: Server, alice: Holder) -> None:
    talk = [("which role goes [1]: ", "2"), ("push this to sign/next? [y/N]: ", "n")]
    before = nested.heads()
    shown = converse(alice, ["role", "remove", NEXT], talk, code=130)
    assert "keys goes, with its metadata and delegations" in shown
    assert nested.heads() == before


def test_without_a_terminal_the_role_must_be_named(started: Server, alice: Holder) -> None:
    outcome = alice.run("role", "remove", NEXT, "--yes")
    assert outcome.code == 2
    assert "Error: there is no terminal to ask at: give ROLE\n" in outcome.err
    del started
