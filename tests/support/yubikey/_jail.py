"""Runs the daemon of card readers where nobody else can reach it, with one reader, a virtual one.

unshare --map-root-user --net --mount --pid --fork --kill-child \
    python -m tests.support.yubikey._jail FOLDER FD

The virtual reader's driver listens for its card on every interface, so it has a network of its own.
The connection of the card is made in here, and handed out over the socket FD. The daemon's socket
is a fixed file in /run, which is FOLDER here: programs outside find it there (PCSCLITE_CSOCK_NAME).
The daemon ends with this program, which ends when FD is closed.
"""

import fcntl
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

_PORT = 35963
_DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
_RUN = Path("/run/pcscd")
_PATIENCE = 20  # seconds, on a busy machine
_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41


def main(folder: Path, control: socket.socket) -> None:
    _bring_loopback_up()
    _share(folder)
    with subprocess.Popen(
        ["pcscd", "--foreground", "--config", _configuration(folder)],
        stdin=subprocess.DEVNULL,
    ) as daemon:
        try:
            with _card_slot(daemon) as card:
                socket.send_fds(control, [b"c"], [card.fileno()])
            control.recv(1)  # until it is closed
        finally:
            daemon.kill()


def _share(folder: Path) -> None:
    _run("mount", "--make-rprivate", "/")
    _run("mount", "-t", "tmpfs", "tmpfs", _RUN.parent)
    _RUN.mkdir()
    _run("mount", "--bind", folder, _RUN)


def _configuration(folder: Path) -> Path:
    """Name the reader as those are named that libykpiv looks at."""
    readers = folder / "readers"
    readers.mkdir()
    (readers / "virtual").write_text(
        'FRIENDLYNAME "Yubico YubiKey CCID"\n'
        f"DEVICENAME /dev/null:{_PORT:#x}\n"
        f"LIBPATH {_DRIVER}\n"
        f"CHANNELID {_PORT:#x}\n"
    )
    return readers


def _card_slot(daemon: subprocess.Popen[bytes]) -> socket.socket:
    """Return a connection to the reader, as a card has when it is put in."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", _PORT))
        except ConnectionRefusedError:
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _bring_loopback_up() -> None:
    request = struct.pack("16sh14x", b"lo", _IFF_UP_RUNNING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as network:
        fcntl.ioctl(network, _SIOCSIFFLAGS, request)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])))
