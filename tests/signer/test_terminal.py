"""What a person at a terminal is asked."""

from pathlib import Path

import click
from tests.signer.helpers import EVENT, Holder, Server, converse, sign
from tests.support.tokens import LABEL, PIN

from tufline.repository.review import Ready


def test_at_a_terminal_everything_is_asked_and_the_pin_once(accepted: Server, dora: Holder) -> None:
    shown = converse(
        dora,
        ["sign"],
        [
            ("which one [1]: ", "1"),
            (f"sign root version 1, targets version 1 with slot 9c of {LABEL}? [y/N]: ", "y"),
            (f"PIN of {LABEL}: ", PIN),
        ],
    )
    assert shown.count("PIN of") == 1
    assert PIN not in shown
    assert "sign/start is ready to be merged" in shown
    assert accepted.review().verdict == Ready()


def test_no_at_a_terminal_signs_nothing(accepted: Server, dora: Holder) -> None:
    question = f"sign root version 1, targets version 1 with slot 9c of {LABEL}? [y/N]: "
    shown = converse(dora, ["sign", EVENT], [(question, "n")], code=130)
    assert shown.endswith("y/N]: n\r\nyou did not say yes, so nothing more was done\r\n")
    assert max(map(len, click.unstyle(shown).splitlines())) <= 80
    assert accepted.review().roles[0].signed == ()


def test_what_gives_power_needs_a_yes_of_its_own(
    accepted: Server, dora: Holder, pin_file: Path
) -> None:
    assert sign(dora, "--pin-file", pin_file).code == 0
    accepted.merge()
    dora.run_apart("delegate", EVENT, "npm", "--signers", "@dora", "--yes")
    before = accepted.heads()
    question = "npm is trusted for 'npm/*', 'npm/*/*', 'npm/*/*/*', 'npm/*/*/*/*', signed by 1 of"
    converse(dora, ["sign", EVENT], [("is this right? [y/N]: ", "n")], code=130)
    assert accepted.heads() == before
    shown = converse(
        dora,
        ["sign", EVENT, "--pin-file", str(pin_file)],
        [
            ("is this right? [y/N]: ", "y"),
            (f"accept to sign npm with slot 9c of {LABEL}? [y/N]: ", "y"),
            ("signed by 1 of @dora; the search for these paths ends there: is this right?", "y"),
            (f"sign targets version 2, npm version 1 with slot 9c of {LABEL}? [y/N]: ", "y"),
        ],
    )
    assert question in " ".join(shown.split())
    assert accepted.review().verdict == Ready()


def test_at_a_terminal_who_signs_is_asked(accepted: Server, dora: Holder, pin_file: Path) -> None:
    assert sign(dora, "--pin-file", pin_file).code == 0
    accepted.merge()
    talk = [
        ("who signs npm [@dora]: ", "@eve"),
        ("what shall change in npm [1]: ", "1"),
        ("push this to sign/start? [y/N]: ", "y"),
    ]
    converse(dora, ["delegate", EVENT, "npm"], talk)
    with accepted.event() as event:
        assert event.proposed.invitations().roles_of == {  # type: ignore[union-attr]
            "@eve": ("npm",)
        }
