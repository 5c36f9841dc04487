"""Programs are run for real; what they may do to us is bounded."""

import os
import sys
from pathlib import Path

import pytest

from tufline.repository.programs import NotRun, Ran, bare_environment, run


def python(folder: Path, text: str, *, timeout: float = 20) -> Ran:
    """Run lines of Python."""
    command = [sys.executable, "-c", text]
    return run(command, folder=folder, environment=bare_environment(folder), timeout=timeout)


def test_exit_status_and_output_of_both_streams(tmp_path: Path) -> None:
    ran = python(tmp_path, "import os; os.write(1, b'one '); os.write(2, b'two'); os._exit(3)")
    assert ran == Ran(code=3, output="one two")


def test_it_has_no_input_and_works_where_it_was_put(tmp_path: Path) -> None:
    ran = python(tmp_path, "import os, sys; print(repr(sys.stdin.read()), os.getcwd())")
    assert ran.output == f"'' {tmp_path}\n"


def test_bare_environment_holds_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    ran = python(tmp_path, "import os; print(*sorted(os.environ))")
    assert set(ran.output.split()) - {"LC_CTYPE"} == {"HOME", "LC_ALL", "PATH", "TMPDIR", "TZ"}


def test_begin_and_end_of_much_output_are_kept(tmp_path: Path) -> None:
    ran = python(tmp_path, "print('first'); print('x' * 10_000_000); print('last')")
    assert ran.output.startswith("first\nxxx")
    assert ran.output.endswith("xxx\nlast\n")
    assert "x\n[...]\nx" in ran.output
    assert len(ran.output) < 21_000


def test_output_that_fits_is_whole(tmp_path: Path) -> None:
    ran = python(tmp_path, "print(*range(3000))")
    assert ran.output.split() == [str(number) for number in range(3000)]


def test_who_left_the_group_is_not_waited_for(tmp_path: Path) -> None:
    # what it started holds our pipe open; the test ends it by closing what it reads from
    reading, writing = os.pipe()
    text = (
        "import os\nif os.fork() == 0:\n    os.setsid()\n"
        f"    os.read(os.open('/proc/{os.getpid()}/fd/{reading}', os.O_RDONLY), 1)\n"
        "    os._exit(0)\nprint('said')"
    )
    try:
        assert python(tmp_path, text).output == "said\n"
    finally:
        os.close(writing)
        os.close(reading)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import time; time.sleep(60)", "did not end within 0.5 seconds"),
        ("import os; os.kill(os.getpid(), 15)", "was killed by SIGTERM"),
    ],
)
def test_what_does_not_end_by_itself_has_not_run(tmp_path: Path, text: str, said: str) -> None:
    timeout = 0.5 if "sleep" in text else 20
    with pytest.raises(NotRun, match=f"^{said}$"):
        python(tmp_path, text, timeout=timeout)


def test_what_is_no_program_has_not_run(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    with pytest.raises(NotRun, match=r"^cannot be started: .*/text: Permission denied$"):
        run([str(tmp_path / "text")], folder=tmp_path, environment={}, timeout=5)
