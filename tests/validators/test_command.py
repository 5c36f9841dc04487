"""Commands are run for real: small programs of a made-up main."""

import os
import select
from pathlib import Path
from typing import Any

import pytest

from tufline.repository.validators import Job, Opinion, Sound, Undecided, Unsound, run_command


def run(script: str, *, artifacts: dict[str, bytes] | None = None, **changed: Any) -> Opinion:  # noqa: ANN401 - fields of the job
    """Run a shell script of main as a validator of `a/file.json`."""
    job: dict[str, Any] = {
        "command": ("./tools/check",),
        "programs": {"tools/check": f"#!/bin/sh\n{script}\n".encode(), "tools/other": b"beside\n"},
        "artifact": "a/file.json",
        "artifacts": artifacts or {"a/file.json": b"{}", "a/other.json": b"[]"},
        "timeout": 20,
    }
    return run_command(Job(**{**job, **changed}))


def test_exit_status_zero_is_sound() -> None:
    assert run("echo never shown") == Sound()


def test_what_it_prints_is_the_problem() -> None:
    said = run("echo '  first '; echo; echo second >&2; exit 3")
    assert said == Unsound(problems=("first", "second"))


def test_it_gets_the_artifact_its_siblings_and_what_lies_beside_it_in_main() -> None:
    said = run('cat "$1" a/other.json "$(dirname "$0")/other"; pwd; echo "$1"; exit 1')
    assert isinstance(said, Unsound)
    shown, folder, artifact = said.problems
    assert shown == "{}[]beside"
    assert artifact == f"{folder}/a/file.json"


def test_it_gets_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    said = run("env; exit 1")
    assert isinstance(said, Unsound)
    names = {line.partition("=")[0] for line in said.problems}
    assert names - {"PWD", "OLDPWD", "SHLVL", "_"} == {"PATH", "HOME", "TMPDIR", "LC_ALL", "TZ"}
    assert os.environ["HOME"] not in {line.partition("=")[2] for line in said.problems}


def test_nothing_of_it_is_left(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    said = run(f'pwd; exec 3>"{pipe}"; sleep 300 & exit 1')
    assert isinstance(said, Unsound)
    assert not Path(said.problems[0]).exists()
    assert select.select([reader], [], [], 10)[0], "the pipe ends once the child does"
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_what_takes_too_long_is_undecided() -> None:
    assert run("sleep 30", timeout=1) == Undecided(why="it did not end within 1 seconds")


def test_what_is_killed_is_undecided() -> None:
    assert run("kill -9 $$") == Undecided(why="it was killed by SIGKILL")


def test_what_main_lacks_is_undecided() -> None:
    why = "main has no file tools/gone, which the command names"
    assert run("", command=("./tools/gone",)) == Undecided(why=why)


def test_what_the_machine_lacks_is_undecided() -> None:
    said = run("", command=("no-such-program-anywhere",))
    why = "it is not installed: there is no no-such-program-anywhere"
    assert said == Undecided(why=why)


def test_a_program_of_the_machine_can_run_one_of_main() -> None:
    assert run("exit 0", command=("sh", "./tools/check")) == Sound()


def test_silence_and_noise_are_bounded() -> None:
    silent = run("exit 4")
    assert silent == Unsound(problems=("it ended with exit status 4 and printed nothing",))
    noisy = run("yes noise | head -n 100000; exit 1")
    assert isinstance(noisy, Unsound)
    assert len(noisy.problems) == 21
    assert noisy.problems[-1] == "and more lines"


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out"])
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    said = run("", artifacts={name: b""}, artifact=name)
    assert isinstance(said, Undecided)
    assert "leads out of the folder" in said.why
