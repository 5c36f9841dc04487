"""Two people push at the same moment: nobody's work is lost, nothing unseen is signed."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from tests.signer.helpers import EVENT, NOW, Holder, Server, converse, git, remote_history

from tufline.repository.commands import main
from tufline.repository.format import ROOT, TARGETS, Owner
from tufline.repository.history import GitHistory, History, Move, Moved
from tufline.repository.jobs import ChangeRefused, load_event
from tufline.repository.review import Ready
from tufline.signer._asked import asked_of
from tufline.signer._errors import ContentChanged
from tufline.signer._signing import (
    SignedRole,
    keys_at_hand,
    push_acceptance,
    push_signatures,
    sign_roles,
)
from tufline.signer.keys import LocalMachineKeys, Tokens

ALICE = Owner("@alice")


class Interrupted:
    """A history in which something happens just before each of the first moves."""

    def __init__(self, history: GitHistory, *happenings: Callable[[], object]) -> None:
        self._history = history
        self._happenings = list(happenings)
        self.moves = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._history, name)

    def move(self, moves: Sequence[Move]) -> None:
        self.moves += 1
        if self._happenings:
            self._happenings.pop(0)()
        self._history.move(moves)


def keys_of(person: Holder) -> LocalMachineKeys:
    tokens = Tokens(None, lambda _: pytest.fail("a key in a file needs no PIN"))
    return LocalMachineKeys(tokens, chosen=f"file2:{person.key_file}", known={})


def signed_by(person: Holder, history: GitHistory, event: str) -> list[SignedRole]:
    wanted = asked_of(Owner(person.name), load_event(history, event), now=NOW).unsigned
    keys = keys_of(person)
    return sign_roles(keys, wanted, keys_at_hand(keys, wanted))


@pytest.fixture
def opened(started: Server, alice: Holder) -> Server:
    """Return the server with an event that waits for both to sign root."""
    alice.yes("delegate", "sign/next", "root", "--expiry-period", "300")
    return started


def test_second_signer_puts_the_signature_on_top_of_the_first(
    opened: Server, alice: Holder, bob: Holder
) -> None:
    with remote_history(alice) as history:
        signed = signed_by(alice, history, "sign/next")
        raced = Interrupted(history, lambda: bob.yes("sign", "sign/next"))
        push_signatures(cast("History", raced), "sign/next", ALICE, signed, now=NOW)
    assert raced.moves == 2
    (root,) = opened.review("sign/next").roles
    assert root.signed == ("@alice", "@bob_acme")
    assert opened.read("metadata/root.json", "sign/next") == opened.read(
        "metadata/root_history/2.root.json", "sign/next"
    )


def test_signature_over_other_content_is_not_pushed(
    opened: Server, alice: Holder, bob: Holder
) -> None:
    with remote_history(alice) as history:
        signed = signed_by(alice, history, "sign/next")
        raced = Interrupted(
            history,
            lambda: bob.yes("delegate", "sign/next", "root", "--expiry-period", "200"),
        )
        with pytest.raises(ContentChanged) as caught:
            push_signatures(cast("History", raced), "sign/next", ALICE, signed, now=NOW)
    assert str(caught.value) == (
        "sign/next changed while it was being signed: root; nothing was pushed"
    )
    (root,) = opened.review("sign/next").roles
    assert root.signed == ()


def test_signature_is_not_pushed_onto_what_a_rule_refuses(opened: Server, alice: Holder) -> None:
    with remote_history(alice) as history:
        signed = signed_by(alice, history, "sign/next")
        raced = Interrupted(history, lambda: opened.commit("sign/next", "Makefile", "all:\n"))
        with pytest.raises(ChangeRefused) as caught:
            push_signatures(cast("History", raced), "sign/next", ALICE, signed, now=NOW)
    assert "Makefile" in str(caught.value)
    assert all(role.signed == () for role in opened.review("sign/next").roles)


def test_who_loses_every_race_gives_up(opened: Server, alice: Holder) -> None:
    files = [f"targets/{number}.txt" for number in range(9)]
    with remote_history(alice) as history:
        signed = signed_by(alice, history, "sign/next")
        happenings = [lambda f=file: opened.commit("sign/next", f, "x\n") for file in files]
        raced = Interrupted(history, *happenings)
        with pytest.raises(Moved):
            push_signatures(cast("History", raced), "sign/next", ALICE, signed, now=NOW)
    assert raced.moves == 5


def test_two_who_accept_at_once_are_both_accepted(
    server: Server, alice: Holder, bob: Holder
) -> None:
    server.start(alice, alice, bob, threshold=2)
    with remote_history(alice) as history:
        history.refresh()
        key = keys_of(alice).new_key()
        raced = Interrupted(history, lambda: bob.yes("sign", EVENT))
        push_acceptance(cast("History", raced), EVENT, ALICE, key, now=NOW)
    assert raced.moves == 2
    roles = {role.name: role for role in server.review().roles}
    assert set(roles[ROOT].missing) == {"@alice", "@bob_acme"}
    assert roles[ROOT].invited == ()
    assert roles[TARGETS].signed == ("@bob_acme",)


def test_lost_answer_of_the_remote_does_no_harm(opened: Server, alice: Holder) -> None:
    """Run again after a push that took effect although we were told that it failed."""

    class LostAnswer(Interrupted):
        def move(self, moves: Sequence[Move]) -> None:
            super().move(moves)
            raise Moved(moves[0].branch)

    with remote_history(alice) as history:
        signed = signed_by(alice, history, "sign/next")
        lost = cast("History", LostAnswer(history))
        push_signatures(lost, "sign/next", ALICE, signed, now=NOW)
    (root,) = opened.review("sign/next").roles
    assert root.signed == ("@alice",)


def signs(person: Holder, event: str) -> int:
    """Run the command beside others: what it prints is not caught, for that is the process's."""
    return main(["sign", event, "--yes", "-C", str(person.clone), "--now", NOW.isoformat()])


# Holds every push back until two have come, so that both are made over the same head.
TOGETHER = """
echo "$$" >> "{log}"
for _ in $(seq 300); do
    [ "$(wc -l < "{log}")" -ge 2 ] && exit 0
    sleep 0.1
done
echo "nobody else pushes" >&2
exit 1
"""


def test_two_who_push_at_the_same_moment_lose_nothing_ten_times_over(
    started: Server, alice: Holder, bob: Holder, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(max_workers=2) as both:
        for number in range(10):
            event, log = f"sign/change-{number}", tmp_path / f"pushes-{number}"
            alice.yes("delegate", event, "root", "--expiry-period", str(300 + number))
            started.hook("pre-receive", TOGETHER.format(log=log))
            codes = list(both.map(lambda each, name=event: signs(each, name), (alice, bob)))
            (started.path / "hooks/pre-receive").unlink()
            assert codes == [0, 0]
            assert len(log.read_text().splitlines()) == 3  # both, and again who came second
            (root,) = started.review(event).roles
            assert root.signed == ("@alice", "@bob_acme")
            assert started.review(event).verdict == Ready()


def test_changed_content_is_shown_and_asked_about_again(
    opened: Server, alice: Holder, bob: Holder
) -> None:
    question = f"sign root version 2 with file2:{alice.key_file}? [y/N]: "

    def meanwhile() -> str:
        bob.yes("delegate", "sign/next", "root", "--expiry-period", "200")
        return "y"

    shown = converse(alice, ["sign", "sign/next"], [(question, meanwhile), (question, "y")])
    first, again = shown.split("sign/next: what has changed since you looked", maxsplit=1)
    assert "how many days a version stays valid: 365 → 300" in first
    assert "how many days a version stays valid: 300 → 200" in again
    assert "how many days a version stays valid: 365 → 200" in again
    (root,) = opened.review("sign/next").roles
    assert root.signed == ("@alice",)


def test_no_to_the_changed_content_signs_nothing(
    opened: Server, alice: Holder, bob: Holder
) -> None:
    question = f"sign root version 2 with file2:{alice.key_file}? [y/N]: "

    def meanwhile() -> str:
        bob.yes("delegate", "sign/next", "root", "--expiry-period", "200")
        return "y"

    converse(alice, ["sign", "sign/next"], [(question, meanwhile), (question, "n")], code=130)
    (root,) = opened.review("sign/next").roles
    assert root.signed == ()


def test_yes_in_advance_is_not_for_what_comes_later(
    opened: Server, alice: Holder, bob: Holder, tmp_path: Path
) -> None:
    """The content changes while alice pushes, by a hook of the server."""
    before = opened.heads()["sign/next"]
    bob.yes("delegate", "sign/next", "root", "--expiry-period", "200")
    after = opened.heads()["sign/next"]
    git(opened.path, "update-ref", "refs/heads/sign/next", before)
    move = f"unset GIT_QUARANTINE_PATH; git update-ref refs/heads/sign/next {after}"
    opened.hook("pre-receive", f"[ -e {tmp_path}/done ] || {{ touch {tmp_path}/done; {move}; }}\n")
    outcome = alice.run("sign", "sign/next", "--yes")
    assert outcome.code == 1
    assert "how many days a version stays valid: 300 → 200" in outcome.out
    assert outcome.err == (
        "error: sign/next changed while it was being signed: root; nothing was pushed\n"
        "hint: run the command again and look at the new content\n"
    )
    assert opened.heads()["sign/next"] == after
