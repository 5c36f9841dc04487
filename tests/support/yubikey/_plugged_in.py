"""A YubiKey that is plugged in: the daemon, a reader, and the card in it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.yubikey._card import PivCard
from tests.support.yubikey._reader import put_in

MODULE = Path("/usr/lib") / f"{os.uname().machine}-linux-gnu" / "libykcs11.so"
INSTALL = "run `sh bin/install-system-packages tokens`"

_ROOT = Path(__file__).parents[3]
_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_NAMESPACES = ("--map-root-user", "--net", "--mount", "--pid")
_PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
_PATIENCE = 30  # seconds, on a busy machine


class NotPluggedIn(Exception):
    """The daemon did not start, or does not see the card."""


@dataclass(frozen=True, kw_only=True)
class YubiKey:
    """A virtual YubiKey, and what a process needs to see it and no other."""

    card: PivCard
    environment: Mapping[str, str]
    module: Path = MODULE

    @property
    def label(self) -> str:
        """The label that ykcs11 gives it."""
        return f"YubiKey PIV #{self.card.device.serial}"


@cache
def why_not() -> str:
    """Return why there can be no virtual YubiKey here; nothing if there can."""
    programs = ("pcscd", "unshare", "yubico-piv-tool")
    lacking = [name for name in programs if shutil.which(name, path=_PATH) is None]
    lacking += [str(path) for path in (_DRIVER, MODULE) if not path.exists()]
    if lacking:
        return f"NO {', '.join(lacking)}: {INSTALL}"
    tried = subprocess.run(
        ["unshare", *_NAMESPACES, "--fork", "mount", "-t", "tmpfs", "tmpfs", "/run"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = tried.stderr.strip().splitlines()[-1:]
    return f"NO NAMESPACES for a virtual YubiKey: {said}" if tried.returncode else ""


@contextmanager
def plugged_in(card: PivCard) -> Iterator[YubiKey]:
    """Plug a card in, until the end; raise `NotPluggedIn`."""
    with tempfile.TemporaryDirectory(prefix="pcscd-") as name:  # a socket's path must be short
        folder = Path(name)
        yubikey = YubiKey(
            card=card, environment={"PCSCLITE_CSOCK_NAME": str(folder / "pcscd.comm")}
        )
        with _daemon(folder) as reader, put_in(card, reader):
            _await(yubikey, folder)
            card.log.clear()
            yield yubikey


@contextmanager
def _daemon(folder: Path) -> Iterator[socket.socket]:
    """Run the daemon; yield the connection to its reader."""
    ours, theirs = socket.socketpair()
    jail = [sys.executable, "-m", "tests.support.yubikey._jail", str(folder), str(theirs.fileno())]
    with (folder / "log").open("wb") as log, ours, theirs:
        process = subprocess.Popen(
            ["unshare", *_NAMESPACES, "--fork", "--kill-child", *jail],
            cwd=_ROOT,
            env={"PATH": _PATH},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        try:
            with _handed_out(ours, folder) as reader:
                yield reader
        finally:
            ours.close()
            process.wait()


def _handed_out(control: socket.socket, folder: Path) -> socket.socket:
    control.settimeout(_PATIENCE)
    _, files, _, _ = socket.recv_fds(control, 1, 1)
    if not files:
        raise NotPluggedIn((folder / "log").read_text())
    return socket.socket(fileno=files[0])


def _await(yubikey: YubiKey, folder: Path) -> None:
    """Wait until the daemon sees the card: it looks every now and then."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        seen = subprocess.run(
            ["yubico-piv-tool", "--action", "version"],
            env={"PATH": _PATH, **yubikey.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if seen.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise NotPluggedIn(f"{seen.stderr}{(folder / 'log').read_text()}")
        time.sleep(0.05)
