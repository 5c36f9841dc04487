"""Runs servers that would listen on every interface in a network namespace that has none.

unshare -rn python -m tests.support.sigstore._jail plan.json

The plan: {"commands": [[...]], "inward": {"/path/of/socket": port}, "outward": {port: "/path"}}.
Inward, whoever connects to the socket reaches the port in here; outward it is the other way round.
The servers end with this program, which ends when its standard input does.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.sigstore._relay import relaying

_SIOCSIFFLAGS = 0x8914
_IFF_UP_RUNNING = 0x41


def main(plan_file: Path) -> None:
    plan = json.loads(plan_file.read_text())
    _bring_loopback_up()
    with ExitStack() as stack:
        for port, path in plan["outward"].items():
            stack.enter_context(relaying(int(port), Path(path)))
        for path, port in plan["inward"].items():
            stack.enter_context(relaying(Path(path), port))
        for command in plan["commands"]:  # entered last: they end first
            stack.enter_context(_running(command))
        sys.stdin.read()


@contextmanager
def _running(command: Sequence[str]) -> Iterator[None]:
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as server:
        try:
            yield
        finally:
            server.kill()


def _bring_loopback_up() -> None:
    request = struct.pack("16sh14x", b"lo", _IFF_UP_RUNNING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, request)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
