"""Runs a validator that is a program: in a new folder, with no variables of ours, for a while.

The program gets the artifact's path as its last argument. It finds the other artifacts that match
beside it, and says nothing but its exit status: 0 is sound; else what it printed is the problem.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from tufline.repository.validators._interface import Job, Opinion, Sound, Undecided, Unsound

_LONGEST_OUTPUT: Final = 4000
_LONGEST_LINE: Final = 300
_MOST_LINES: Final = 20
_OURS: Final = "./"
_PROGRAMS: Final = "programs"
_ARTIFACTS: Final = "artifacts"
_HOME: Final = "home"


def run_command(job: Job) -> Opinion:
    """Run the program, as `RunCommand` says."""
    missing = [word for word in job.command if _is_ours(word) and word[2:] not in job.programs]
    if missing:
        return Undecided(why=f"main has no file {missing[0][2:]}, which the command names")
    with TemporaryDirectory(prefix="tufline-validator-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        try:
            _write(place / _PROGRAMS, job.programs, mode=0o700)
            _write(place / _ARTIFACTS, job.artifacts, mode=0o600)
        except (
            OSError,
            ValueError,
        ) as error:  # names that this machine's file system does not take
            return Undecided(why=f"its files could not be written: {_reason(error)}")
        (place / _HOME).mkdir()
        return _run(place, job)


def _run(place: Path, job: Job) -> Opinion:
    words = [str(place / _PROGRAMS / word[2:]) if _is_ours(word) else word for word in job.command]
    words.append(str(place / _ARTIFACTS / job.artifact))
    # Output goes to a file: a pipe would be held open by whatever the program leaves behind.
    with (place / "output").open("w+b") as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - the command is main's
                words,
                cwd=place / _ARTIFACTS,
                env=_environment(place),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return Undecided(why=f"{job.command[0]} could not be started: {_reason(error)}")
        code = _wait(process, job.timeout)
        output.seek(0)
        said = output.read(_LONGEST_OUTPUT)
    if code is None:
        return Undecided(why=f"it did not end within {job.timeout} seconds")
    if code < 0:
        return Undecided(why=f"it was ended by signal {-code}")
    return Sound() if code == 0 else Unsound(problems=_problems(said, code))


def _wait(process: "subprocess.Popen[bytes]", timeout: int) -> int | None:
    """Return the exit status; None if the time is over. Whatever it started ends with it."""
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError, PermissionError):  # nobody of it is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(place: Path) -> dict[str, str]:
    home = str(place / _HOME)
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": home, "TMPDIR": home, "LC_ALL": "C.UTF-8"}


def _write(folder: Path, files: Mapping[str, bytes], *, mode: int) -> None:
    folder.mkdir()
    for name, data in files.items():
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or name.startswith("/"):
            raise ValueError(f"{name!r} leads out of the folder")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)


def _problems(said: bytes, code: int) -> tuple[str, ...]:
    """Return the lines that a program printed, or its exit status where it said nothing."""
    text = said.decode(errors="replace")
    lines = [line.strip()[:_LONGEST_LINE] for line in text.splitlines()]
    kept = [line for line in lines if line]
    if not kept:
        return (f"it ended with exit status {code} and printed nothing",)
    more = [] if len(kept) <= _MOST_LINES else [f"and {len(kept) - _MOST_LINES} more lines"]
    return (*kept[:_MOST_LINES], *more)


def _is_ours(word: str) -> bool:
    return word.startswith(_OURS)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
