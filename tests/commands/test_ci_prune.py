"""What `tufline ci prune` answers."""

from datetime import timedelta
from pathlib import Path

from tests.commands.running import Terminal, expect_failure
from tests.support.pipeline import Pipeline
from tests.support.sample import NOW


def test_prune_shows_names_and_deletes_them_only_when_told_to(
    tufline: Terminal, started: Pipeline, server: Path, tmp_path: Path
) -> None:
    tufline.at_now("ci", "publish", "-C", server)
    left = tmp_path / "production/metadata/17.gone.json"
    left.write_bytes(b"{}")
    command = ("ci", "prune", "-C", server, "--older-than", "30")
    later = ("--now", (NOW + timedelta(days=36500)).isoformat())

    shown = tufline(*command, *later)

    assert (shown.code, shown.err) == (0, "")
    expected = {"deleted": False, "production": ["metadata/17.gone.json"], "staging": []}
    assert shown.answer == expected
    assert left.exists()
    done = tufline(*command, "--delete", *later)
    assert done.answer == expected | {"deleted": True}
    assert not left.exists()
    assert started.head("publish")


def test_prune_of_a_store_that_nobody_published_to_is_refused(
    tufline: Terminal, started: Pipeline, server: Path
) -> None:
    assert started.head("publish")
    ran = tufline.at_now("ci", "prune", "-C", server, "--older-than", "30", "--delete")

    expect_failure(ran, "timestamp.json in the store is of no state that is kept", "ci publish")
