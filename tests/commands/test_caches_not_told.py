"""A cache that cannot be told is an answer, a problem that stays open, and told by the next run."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commands.running import Ran, Terminal
from tests.jobs.arranging import replace_online_key
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample, signer_for

from tufline.repository.clients import serve
from tufline.repository.publish import DirectoryStore
from tufline.repository.publish._deployed import find

PROGRAM = """
import sys
from pathlib import Path
if not Path("works").exists():
    sys.exit("denied")
Path("told").write_text("\\n".join(sys.argv[1:]))
"""
LATER = "2026-03-02T02:00:00Z"
"""Fourteen hours after all was signed: caches are told no more that know."""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Return where clients read: through a cache that keeps nothing."""
    store = DirectoryStore(tmp_path / "production")
    with serve(lambda name: find(store, name)) as url:
        yield url


@pytest.fixture
def main(main: Sample, url: str) -> Sample:
    """Return what main holds: with other caches, which a program of our own tells."""
    Path("tell.py").write_text(PROGRAM)
    command = json.dumps([sys.executable, "tell.py"])
    text = f'\nurl = "{url}"\npurge = {{ command = {command} }}\n'
    main.files["tufline.toml"] += text.encode()
    return main


def told(url: str) -> list[str]:
    """Return what caches were told since this was asked last."""
    file = Path("told")
    names = file.read_text().split() if file.exists() else []
    file.unlink(missing_ok=True)
    return [name.removeprefix(url) for name in names]


def publish(tufline: Terminal, server: Path, *more: str) -> Ran:
    return tufline("ci", "publish", "-C", server, *more)


def test_publish_answers_that_all_is_published_and_who_was_not_told(
    tufline: Terminal,
    started: Pipeline,
    server: Path,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert started.main.files
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    ran = publish(tufline, server, "--now", "2026-03-01T12:00:00Z")

    reason = f"cache not purged: {sys.executable}: exit status 1: denied"
    assert (ran.code, ran.answer["acted"], ran.answer["production"]["written"]) == (1, True, 8)
    assert ran.answer["not_purged"] == reason
    assert f"error: all is published, but {reason}" in ran.err
    assert "`tufline ci publish --purge`" in ran.err
    assert summary.read_text().startswith("- :x: Published, but not told to all: `all is")

    Path("works").touch()
    assert publish(tufline, server, "--now", LATER).answer["not_purged"] is None
    assert told(url) == []
    again = publish(tufline, server, "--now", LATER, "--purge")
    assert (again.code, again.answer["acted"]) == (0, True)
    assert told(url) == ["metadata/timestamp.json", "metadata/1.root.json"]


def test_next_run_tells_of_the_roots_of_the_one_before(
    tufline: Terminal, started: Pipeline, server: Path, url: str
) -> None:
    publish(tufline, server, "--now", "2026-03-01T12:00:00Z")
    started.now = started.now.replace(day=3)
    Path("next").write_bytes(signer_for("file2:next").private_bytes)
    main = started.main.copy()
    replace_online_key(main)
    started.merge_by_force(main)
    tufline("ci", "online-sign", "-C", server, "--now", "2026-03-03T12:00:00Z")
    assert publish(tufline, server, "--now", "2026-03-03T12:00:00Z").code == 1
    Path("works").touch()

    publish(tufline, server, "--now", "2026-03-03T18:00:00Z")

    assert told(url) == ["metadata/timestamp.json", "metadata/2.root.json"]


def test_tick_leaves_the_problem_open_until_they_are_told(
    tufline: Terminal, started: Pipeline, server: Path, url: str
) -> None:
    assert started.main.files
    problem = server / "tufline/problems/publish.json"
    for now in ("2026-03-01T12:00:00Z", LATER):
        ran = tufline("ci", "tick", "-C", server, "--now", now)
        assert ran.code == 1
        assert "cache not purged" in problem.read_text()
    Path("works").touch()

    assert tufline("ci", "tick", "-C", server, "--now", LATER).code == 0
    assert told(url) == ["metadata/timestamp.json", "metadata/1.root.json"]
    assert not problem.exists()
    tufline("ci", "tick", "-C", server, "--now", LATER)
    assert told(url) == []
