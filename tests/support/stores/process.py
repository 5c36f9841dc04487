"""A server program on loopback, for as long as a test needs it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_TOOLS = Path(__file__).parents[3] / ".tools" / "bin"
_SECONDS_TO_START = 30


def tool(name: str) -> Path:
    """Return a program of `make tools`; skip the test where it could not be installed."""
    program = _TOOLS / name
    if not program.exists():
        pytest.skip(f"NO {name}: install Go 1.24 or newer, then run make clean-tools tools")
    return program


@contextmanager
def running(
    command: Sequence[str | Path], port: int, log: Path, env: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server until the block ends; go on once it takes connections at `port`."""
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(env or {})}) as ran,
    ):
        try:
            _await(port, ran, log)
            yield
        finally:
            ran.terminate()


def _await(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text())
