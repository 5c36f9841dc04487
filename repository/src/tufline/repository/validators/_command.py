"""Runs a validator that is a program: in a new folder, with no variables of ours, for a while.

The program gets the artifact's path as its last argument. It finds the other artifacts that match
beside it, and says nothing but its exit status: 0 is sound; else what it printed is the problem.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from tufline.repository.programs import NotRun, Ran, bare_environment, run
from tufline.repository.validators._interface import Job, Opinion, Sound, Undecided, Unsound

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
    programs = place / _PROGRAMS
    words = [str(programs / word[2:]) if _is_ours(word) else word for word in job.command]
    words.append(str(place / _ARTIFACTS / job.artifact))
    environment = bare_environment(place / _HOME)
    try:
        ran = run(words, folder=place / _ARTIFACTS, environment=environment, timeout=job.timeout)
    except NotRun as error:
        return Undecided(why=f"it {error}".replace(f"{programs}/", _OURS))
    return Sound() if ran.code == 0 else Unsound(problems=_problems(ran))


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


def _problems(ran: Ran) -> tuple[str, ...]:
    """Return the lines that a program printed, or its exit status where it said nothing."""
    lines = [line.strip()[:_LONGEST_LINE] for line in ran.output.splitlines()]
    kept = [line for line in lines if line]
    if not kept:
        return (f"it ended with exit status {ran.code} and printed nothing",)
    more = ["and more lines"] if len(kept) > _MOST_LINES else []
    return (*kept[:_MOST_LINES], *more)


def _is_ours(word: str) -> bool:
    return word.startswith(_OURS)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
