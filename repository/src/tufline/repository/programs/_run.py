"""Run a program: no shell, no input, a time limit, an end to all that it started."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

_MOST_KEPT: Final = 10_000  # bytes, of the begin and of the end
_CUT: Final = b"\n[...]\n"
_SECONDS_FOR_THE_REST: Final = 1
_FAULTS: Final = frozenset(
    {signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV}
)


class NotRun(Exception):
    """The program did not start, or did not end by itself. Holds why: "was killed by SIGKILL"."""


class Crashed(NotRun):
    """The program broke down by itself, as by a fault of its memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """A program that ended by itself: its exit status, and what it printed.

    Of much output the begin and the end are there, for some say what is wrong first, others last.
    """

    code: int
    output: str


@dataclass(slots=True)
class _Kept:
    """Reads a stream to its end, and keeps little of it."""

    begin: bytes = b""
    end: bytes = b""
    is_cut: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, stream: IO[bytes]) -> None:
        with stream, suppress(ValueError, OSError):  # it may be closed under us
            while data := os.read(stream.fileno(), _MOST_KEPT):
                with self.lock:
                    self._keep(data)

    def text(self) -> str:
        with self.lock:
            whole = self.begin + (_CUT if self.is_cut else b"") + self.end
        return whole.decode(errors="replace")

    def _keep(self, data: bytes) -> None:
        room = _MOST_KEPT - len(self.begin)
        self.begin += data[:room]
        rest = self.end + data[room:]
        self.is_cut = self.is_cut or len(rest) > _MOST_KEPT
        self.end = rest[-_MOST_KEPT:]


def run(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], timeout: float
) -> Ran:
    """Run a program in `folder`, with no variables but those of `environment`.

    It gets no input. What it left behind in its process group is killed, and not waited for is what
    left that. Raise `NotRun` if it could not be started, took longer than `timeout` seconds, or was
    killed; `Crashed` if it broke down by itself.
    """
    process = _start(command, folder, environment)
    kept = _Kept()
    if process.stdout is None:
        raise AssertionError("a pipe was asked for")
    reader = threading.Thread(target=kept.read, args=(process.stdout,), daemon=True)
    reader.start()
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise NotRun(f"did not end within {timeout:g} seconds") from error
    finally:
        _kill_group(process)
        reader.join(_SECONDS_FOR_THE_REST)
    if code < 0:
        kind = Crashed if -code in _FAULTS else NotRun
        raise kind(f"was killed by {_signal_name(-code)}")
    return Ran(code=code, output=kept.text())


def bare_environment(home: Path) -> dict[str, str]:
    """Return what any program needs and no secret is in: where programs are, and a home."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def _start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; bundled, or named in the settings on main
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise NotRun(f"is not installed: there is no {command[0]}") from error
    except (OSError, ValueError) as error:
        raise NotRun(f"cannot be started: {command[0]}: {_reason(error)}") from error


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End the program and all that it started, as far as they stayed in its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
