"""`tufline rehearse` where something is wrong: it says so, exits with 1, and leaves nothing on."""

import errno
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from tests.e2e.conftest import TUFLINE

from tufline.repository import rehearsal
from tufline.repository.commands.rehearse import command
from tufline.repository.history import Author, Move
from tufline.repository.jobs import PUBLISH
from tufline.repository.rehearsal import (
    Ceremony,
    Failed,
    NotAsExpected,
    Played,
    Screen,
    Step,
    _machine,
    _tokens,
    play,
    set_stage,
)
from tufline.repository.rehearsal._step import Act

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)

# A git whose bare repositories run no hooks.
GIT_WITHOUT_HOOKS: Final = """\
#!/bin/sh
{git} "$@" || exit
case "$*" in *--bare*) {git} config core.hooksPath nowhere ;; esac
"""


def _step(act: Act, *, is_attack: bool = False) -> Step:
    return Step(point=1, who="@alice", what="acts", act=act, is_attack=is_attack)


def _does_well(_ceremony: Ceremony) -> str:
    return "all is well"


def _publishes_nothing(ceremony: Ceremony) -> str:
    """Make an empty publish branch, which is all that the page of the repository needs."""
    ceremony.server.set_up()
    with ceremony.server.history() as history:
        commit = history.write(
            tree=None,
            changes={},
            parents=[],
            message="Nothing",
            author=Author(name="tufline", email="tufline@example.com"),
            when=NOW,
        )
        history.move([Move(branch=PUBLISH, old=None, new=commit)])
    return "nothing is published"


def _surprises(_ceremony: Ceremony) -> str:
    raise NotAsExpected("the sky is green")


def _leaves_a_problem(ceremony: Ceremony) -> str:
    folder = ceremony.server.git_dir / "tufline" / "problems"
    folder.mkdir(parents=True)
    (folder / "publish.json").write_text('{"text": "no space left"}')
    return "done, it seems"


def _meets_a_full_disk(_ceremony: Ceremony) -> str:
    raise OSError(errno.ENOSPC, "no space left")


def _installs_a_client_without_a_root(ceremony: Ceremony) -> str:
    ceremony.user.install(b"")
    return str(ceremony.user.gets("release.txt", ceremony.production, now=NOW))


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (_surprises, "the sky is green"),
        (_leaves_a_problem, "the server has open problems: publish: no space left"),
        (_meets_a_full_disk, f"[Errno {errno.ENOSPC}] no space left"),
        (_installs_a_client_without_a_root, "the client stopped: DeserializationError: "),
    ],
)
def test_a_step_that_goes_wrong_is_the_last(tmp_path: Path, act: Act, told: str) -> None:
    with set_stage(tmp_path, now=NOW) as ceremony:
        first, second = play(ceremony, [_step(_does_well), _step(act), _step(_does_well)])

    assert isinstance(first, Played)
    assert first.result == "all is well"
    assert isinstance(second, Failed)
    assert str(second.error).startswith(told)


def test_a_command_that_ends_in_another_way_is_a_surprise(tmp_path: Path) -> None:
    with set_stage(tmp_path, now=NOW) as ceremony:
        ceremony.server.set_up()
        with pytest.raises(NotAsExpected) as caught:
            ceremony.server.job("merge", "sign/none")

    said = str(caught.value)
    assert said.startswith("`tufline merge sign/none` of server ended with 1, not 0:\nerror: ")
    assert "error: " in (tmp_path / "log.txt").read_text()


def test_a_command_that_never_ends_is_a_surprise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_machine, "_LONGEST", 0.001)

    with (
        set_stage(tmp_path, now=NOW) as ceremony,
        pytest.raises(NotAsExpected, match="`tufline events` did not end in"),
    ):
        ceremony.server.machine.tufline("events")


def test_an_interrupt_of_a_job_is_one_of_the_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_machine, "main", lambda _arguments: 130)
    before = dict(os.environ)

    with set_stage(tmp_path, now=NOW) as ceremony, pytest.raises(KeyboardInterrupt):
        ceremony.server.job("ci", "tick")

    assert dict(os.environ) == before


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let what is started here take interrupts, also where these tests run in the background.

    A shell lets its background jobs ignore them, and whatever these start inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_of_a_program_is_one_of_the_rehearsal(tmp_path: Path) -> None:
    with set_stage(tmp_path, now=NOW) as ceremony, pytest.raises(KeyboardInterrupt):
        ceremony.server.machine.git("-c", "alias.die=!kill -INT $$", "die")


def test_a_machine_inherits_no_settings_and_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Somebody Else")

    with set_stage(tmp_path, now=NOW) as ceremony:
        screen = ceremony.server.machine.git("config", "user.name", code=1)

    assert screen == Screen(who="server", command="git config user.name", code=1, text="")


def test_the_command_ends_with_1_and_a_hint_after_a_failed_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal, "SCENARIO", (_step(_does_well), _step(_surprises)))

    result = CliRunner().invoke(command, [])

    assert result.exit_code == 1
    assert re.search(r"^ok  @alice acts: all is well \(0\.\d s\)$", result.output, re.MULTILINE)
    failed, hint = result.output.splitlines()[-2:]
    assert re.fullmatch(r"FAILED  @alice acts: the sky is green \(0\.\d s\)", failed)
    assert hint.startswith("hint: run it again with --keep DIR")


def test_without_softhsm_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tokens, "_MODULES", ())

    result = CliRunner().invoke(command, [])

    assert result.exit_code == 1
    assert "SoftHSM 2 is not installed" in result.output
    assert "apt-get install softhsm2" in result.output.splitlines()[-1]


def test_what_is_not_kept_is_removed_and_not_spoken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "SCENARIO", (_step(_publishes_nothing, is_attack=True),))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    result = CliRunner().invoke(command, [])

    assert result.exit_code == 0
    assert "1 of 1 attacks refused" in result.output
    last = result.output.splitlines()[-1]
    assert last == "nothing was kept; with --keep DIR you can look at it all afterwards"
    assert str(tmp_path) not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("important")

    done = subprocess.run(
        [TUFLINE, "rehearse", "--keep", tmp_path], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert f"error: {tmp_path} is not an empty folder\n" in done.stderr
    assert "hint: name a folder that does not exist yet, or is empty\n" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_hook_that_does_not_run_is_noticed(tmp_path: Path) -> None:
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(GIT_WITHOUT_HOOKS.format(git=shutil.which("git")))
    git.chmod(0o755)

    done = subprocess.run(
        [TUFLINE, "rehearse", "--keep", tmp_path / "kept"],
        env={**os.environ, "PATH": f"{git.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "FAILED  everybody gets a token and a clone: the hook did not run" in done.stdout
    assert "all as it should be" not in done.stdout


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_stops_the_web_servers(tmp_path: Path) -> None:
    with subprocess.Popen(
        [TUFLINE, "rehearse", "--keep", tmp_path / "kept"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        urls = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        served = [_is_served(url) for url in urls]
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does for Ctrl-C
        rest = process.stdout.read()

    assert process.returncode == 130, rest
    assert rest.endswith("interrupted\n")
    assert served == [True, True]
    assert [_is_served(url) for url in urls] == [False, False]


def _is_served(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - a server of this test
            return bool(answer.status == 200)
    except URLError:
        return False
