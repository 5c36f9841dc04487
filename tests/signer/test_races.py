"""Two people push at the same moment: nobody's work is lost, nothing unseen is signed."""

from collections.abc import Callable, Sequence
from typing import cast

import pytest
from tests.signer.helpers import EVENT, NOW, Holder, Server, remote_history

from tufline.repository.format import ROOT, TARGETS, Owner
from tufline.repository.history import GitHistory, History, Move, Moved
from tufline.repository.jobs import ChangeRefused, load_event
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
