"""A foreign program, run so that it can do little harm: own folder, no secrets, a time limit."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

_LONGEST_OUTPUT: Final = 20_000  # bytes
_SECONDS_FOR_THE_REST: Final = 1
_PASSED_ON: Final = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS")


class NotRun(Exception):
    """The program did not start, or did not end by itself. Holds why, for people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """A program that ended by itself: its exit code, and the end of what it printed."""

    code: int
    output: str


@dataclass(slots=True)
class _Tail:
    """Reads a stream to its end, and keeps the last of it."""

    kept: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, stream: IO[bytes]) -> None:
        with stream, suppress(ValueError, OSError):  # it may be closed under us
            while data := os.read(stream.fileno(), _LONGEST_OUTPUT):
                with self.lock:
                    self.kept = (self.kept + data)[-_LONGEST_OUTPUT:]


def run(command: Sequence[str], *, home: Path, extra: Mapping[str, str], timeout: float) -> Ran:
    """Run a program with `home` as its home and working folder; `extra` joins its environment.

    It gets no input and none of our environment, but for the PATH and where certificates lie.
    Whatever it started and left behind is killed. Raise `NotRun` if it could not be started, took
    longer than `timeout` seconds, or was killed.
    """
    process = _start(command, home, extra)
    tail = _Tail()
    if process.stdout is None:
        raise AssertionError("a pipe was asked for")
    reader = threading.Thread(target=tail.read, args=(process.stdout,), daemon=True)
    reader.start()
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise NotRun(f"did not end within {timeout:g} seconds") from error
    finally:
        _kill_group(process)
        reader.join(_SECONDS_FOR_THE_REST)
    if code < 0:
        raise NotRun(f"was killed by {_signal_name(-code)}")
    with tail.lock:
        return Ran(code=code, output=tail.kept.decode(errors="replace"))


def _start(
    command: Sequence[str], home: Path, extra: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; bundled, or named in the settings on main
            list(command),
            cwd=home,
            env=_environment(home, extra),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise NotRun(f"is not installed: there is no {command[0]}") from error
    except (OSError, ValueError) as error:
        raise NotRun(f"cannot be started: {command[0]}: {error}") from error


def _environment(home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **passed,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "NO_PROXY": "*",
        **extra,
    }


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
