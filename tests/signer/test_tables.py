"""On a terminal tables fit, and nothing that others wrote styles the screen or moves the cursor."""

import re
from pathlib import Path

import click
import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse

from tufline.signer.commands._tables import shortened

MARKUP = "[bold red]x[blink] :warning: [link=evil]y"
LONG = "name-of-an-artifact-" * 6 + ".tar.gz"
DIGEST = "8b19acd681" + 54 * "0"
NO_COLOUR = re.compile(r"\x1b(?!\[[0-9;]*m|\[K)|\x9b")


@pytest.fixture
def odd_names(started: Server, alice: Holder, tmp_path: Path) -> Server:
    """Return a server with an event whose artifacts have names that try to draw."""
    file = tmp_path / "file.txt"
    file.write_text("one\n")
    for name in (MARKUP, LONG):
        alice.yes("target", "add", NEXT, file, "--name", name, "--hash", "sha512")
    text = started.read("metadata/targets.json", NEXT).decode()
    started.commit(NEXT, "metadata/targets.json", text.replace(":warning:", r"\u001b[2J\u009b2J"))
    return started


@pytest.mark.usefixtures("odd_names")
def test_names_of_others_are_shown_as_they_are(alice: Holder) -> None:
    screen = converse(alice, ["target", "list", NEXT], [])
    waiting = converse(alice, ["sign"], [("which one [1]: ", "1")], code=1)

    lines = click.unstyle(screen + waiting.partition("which one")[0]).splitlines()
    assert not NO_COLOUR.search(screen + waiting)
    assert [line for line in lines if len(line) > 80] == []
    names = "".join("".join(line.partition("targets")[0].split()) for line in lines)
    assert r"[boldred]x[blink]\x1b[2J\x9b2J[link=evil]y" in names
    assert LONG in names
    assert "new artifact" in waiting
    assert "[blink]" in waiting


def test_errors_hold_nothing_that_a_remote_could_draw_with(
    started: Server, alice: Holder, tmp_path: Path
) -> None:
    (tmp_path / "file.txt").write_text("one\n")
    started.hook("pre-receive", "printf '\\033]0;title\\007\\033[2J no way\\n' >&2; exit 1\n")

    done = alice.run("target", "add", NEXT, tmp_path / "file.txt", "--yes")

    assert done.code == 1
    assert r"\x1b]0;title\x07" in done.err
    assert "\x1b" not in done.err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"sha256 {DIGEST}", "sha256 8b19acd681..."),
        (f"sha256 {DIGEST[:40]}...", "sha256 8b19acd681..."),
        (f"{DIGEST}, {DIGEST}", "8b19acd681..., 8b19acd681..."),
        (f"{DIGEST[:39]}...", f"{DIGEST[:39]}..."),
    ],
)
def test_long_digest_is_shortened_once(text: str, shown: str) -> None:
    assert shortened(text) == shown
