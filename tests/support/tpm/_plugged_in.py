"""Starts the parts of a software TPM: a message bus, the TPM, and who shares it among programs.

Without the resource manager (tpm2-abrmd) a TPM is soon "out of memory for object contexts". It is
reached over a bus, so the bus is one of our own, and everything else speaks over sockets in files.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

PIN = "123456"
MODULE = Path("/usr/lib") / f"{os.uname().machine}-linux-gnu" / "pkcs11" / "libtpm2_pkcs11.so"
INSTALL = "run `sh bin/install-system-packages tokens`"

_SO_PIN = "010203"
_OBJECT = "\x02"  # the id's bytes, not its digits; the one that signers take by default
_PROGRAMS = ("dbus-daemon", "swtpm", "tpm2-abrmd", "tpm2", "tpm2_ptool", "setpriv")
_PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
_PATIENCE = 30  # seconds, on a busy machine


class NotPluggedIn(Exception):
    """A part of it did not start, or failed."""


@dataclass(frozen=True, kw_only=True)
class Tpm:
    """A software TPM with a token, and what a process needs to see it and no other."""

    label: str
    environment: Mapping[str, str]
    module: Path = MODULE


def why_not() -> str:
    """Return why there can be no software TPM here; nothing if there can."""
    lacking = [name for name in _PROGRAMS if shutil.which(name, path=_PATH) is None]
    lacking += [] if MODULE.exists() else [str(MODULE)]
    return f"NO {', '.join(lacking)}: {INSTALL}" if lacking else ""


@contextmanager
def plugged_in(*, label: str) -> Iterator[Tpm]:
    """Start a new TPM with a token and a key on it, until the end; raise `NotPluggedIn`."""
    with tempfile.TemporaryDirectory(prefix="tpm-") as name:  # a socket's path must be short
        folder = Path(name)
        for each in ("state", "store"):
            (folder / each).mkdir()
        tpm = Tpm(label=label, environment=_environment(folder))
        with _parts(folder, tpm):
            _make_token(tpm)
            yield tpm


def _environment(folder: Path) -> dict[str, str]:
    reached = "tabrmd:bus_type=session"
    return {
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder / 'bus'}",
        "TPM2TOOLS_TCTI": reached,
        "TPM2_PKCS11_TCTI": reached,
        "TPM2_PKCS11_STORE": str(folder / "store"),
    }


@contextmanager
def _parts(folder: Path, tpm: Tpm) -> Iterator[None]:
    """Run what a TPM consists of; each part needs the one before."""
    address, chip, bus = (
        tpm.environment["DBUS_SESSION_BUS_ADDRESS"],
        folder / "chip",
        folder / "bus",
    )
    with (folder / "log").open("w+") as log, ExitStack() as stack:

        def run(*command: str, until: Callable[[], bool]) -> None:
            stack.enter_context(_running(command, tpm, log))
            _await(until, log)

        run("dbus-daemon", "--session", "--nofork", f"--address={address}", until=bus.exists)
        run(
            *("swtpm", "socket", "--tpm2", f"--tpmstate=dir={folder / 'state'}"),
            *(f"--server=type=unixio,path={chip}", f"--ctrl=type=unixio,path={chip}.ctrl"),
            "--flags=not-need-init,startup-clear",
            until=chip.exists,
        )
        manager = ("tpm2-abrmd", "--session", "--allow-root", f"--tcti=swtpm:path={chip}")
        run(*manager, until=lambda: _ran(tpm, "tpm2", "getrandom", "--hex", "1").returncode == 0)
        yield


@contextmanager
def _running(command: Sequence[str], tpm: Tpm, log: TextIO) -> Iterator[None]:
    with subprocess.Popen(
        ["setpriv", "--pdeathsig=KILL", *command],
        env={"PATH": _PATH, **tpm.environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    ) as process:
        try:
            yield
        finally:
            process.kill()


def _await(ready: Callable[[], bool], log: TextIO) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise NotPluggedIn(Path(log.name).read_text())
        time.sleep(0.02)


def _make_token(tpm: Tpm) -> None:
    """Make a token, and a key as object 2 on it."""
    key = ("--algorithm", "ecc256", "--id", _OBJECT, "--key-label", "SIGN key")
    for command in (
        ("init",),
        ("addtoken", "--pid", "1", "--label", tpm.label, "--sopin", _SO_PIN, "--userpin", PIN),
        ("addkey", "--label", tpm.label, "--userpin", PIN, *key),
    ):
        done = _ran(tpm, "tpm2_ptool", *command, "--path", tpm.environment["TPM2_PKCS11_STORE"])
        if done.returncode:
            raise NotPluggedIn(done.stderr)


def _ran(tpm: Tpm, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={"PATH": _PATH, **tpm.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
