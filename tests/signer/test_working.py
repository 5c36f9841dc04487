"""What takes over a second says what it is, on a terminal, and leaves nothing behind."""

import click
import pytest
from tests.signer.helpers import Holder, converse, git

SLOW = "sh -c 'sleep 2; exec git-upload-pack \"$@\"' -"


@pytest.mark.usefixtures("started")
def test_slow_remote_is_named_and_the_line_is_taken_away_again(alice: Holder) -> None:
    git(alice.clone, "config", "remote.origin.uploadpack", SLOW)

    screen = converse(alice, ["target", "list"], [])
    piped = alice.run("target", "list")

    assert "fetching from origin ...\r\x1b[K" in screen
    assert click.unstyle(screen).splitlines()[-1] == "main lists no artifacts"
    assert (piped.out, piped.err) == ("main lists no artifacts\n", "")
