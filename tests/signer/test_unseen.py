"""What is too long to be shown is agreed to apart."""

import re
from pathlib import Path

import pytest
from tests.signer.carrying import offline, root_fingerprint
from tests.signer.helpers import NEXT, Holder, Server, converse, git

QUESTION = "100 more lines or values and 1 whole file are not shown: sign all the same? [y/N]: "


@pytest.fixture
def long_files(started: Server, alice: Holder, tmp_path: Path) -> Server:
    """Return a server with an event whose artifacts are too long to be shown."""
    for name, lines in {"some.txt": 500, "most.txt": 3001}.items():
        text = "".join(f"{number}\n" for number in range(lines))
        (tmp_path / name).write_text(text)
        alice.yes("target", "add", NEXT, tmp_path / name)
    return started


def test_what_is_not_shown_needs_a_yes_of_its_own(long_files: Server, alice: Holder) -> None:
    before = long_files.heads()
    screen = converse(alice, ["sign", NEXT], [(QUESTION, "n")], code=130)
    converse(alice, ["sign", NEXT], [(QUESTION, "y"), ("[y/N]: ", "n")], code=130)

    assert long_files.heads() == before
    assert "some.txt: 100 more lines or values are not shown\r\n" in screen
    assert "most.txt: 1 whole file is not shown\r\n" in screen
    (command,) = re.findall(r"^  git (diff .*)\r$", screen, flags=re.MULTILINE)
    assert "\n+499\n" in git(alice.clone, *command.split())
    assert alice.run("sign", NEXT).code == 2  # nobody can be asked, and there is no --yes
    alice.yes("sign", NEXT)
    assert long_files.heads() != before


@pytest.mark.usefixtures("alice")
def test_what_is_not_shown_needs_a_yes_on_a_machine_without_network_too(
    long_files: Server, bob: Holder, tmp_path: Path
) -> None:
    payload, output = tmp_path / "payload", tmp_path / "signatures"
    assert bob.run("payload", NEXT, "-o", payload).code == 0
    known = ("--root-fingerprint", root_fingerprint(long_files))

    refused = offline(bob, payload, output, *known)

    assert refused.code == 2
    assert "some.txt: 100 more lines or values are not shown\n" in refused.out
    assert not output.exists()
    assert offline(bob, payload, output, *known, "--yes").code == 0
