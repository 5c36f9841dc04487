"""Passes bytes between two sockets. Unix sockets reach over the edge of a network namespace."""

import selectors
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, TypeAlias

Address: TypeAlias = int | Path
"""A port of loopback, or the path of a Unix socket."""

_CHUNK = 65536
_LOOPBACK = "127.0.0.1"


@contextmanager
def relaying(near: Address, far: Address) -> Iterator[int]:
    """Pass on what comes to `near`, to `far` and back; give the port, chosen anew if it is 0.

    It ends once all connections have: first end whoever is there.
    """

    class Handler(_Handler):
        target = far

    with _server(near, Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield 0 if isinstance(near, Path) else server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _server(
    near: Address, handler: type[socketserver.BaseRequestHandler]
) -> socketserver.TCPServer | socketserver.UnixStreamServer:
    if isinstance(near, Path):
        return socketserver.ThreadingUnixStreamServer(str(near), handler)
    return socketserver.ThreadingTCPServer((_LOOPBACK, near), handler)


class _Handler(socketserver.BaseRequestHandler):
    target: ClassVar[Address]

    def handle(self) -> None:
        with suppress(OSError), _connected(self.target) as far:
            _both_ways(self.request, far)


def _connected(far: Address) -> socket.socket:
    if isinstance(far, int):
        return socket.create_connection((_LOOPBACK, far))
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect(str(far))
    except OSError:
        client.close()
        raise
    return client


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    """Pass on until either side ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in ready.select():
                source, sink = key.fileobj, key.data
                data = source.recv(_CHUNK)  # type: ignore[union-attr] # a socket, as registered
                if not data:
                    return
                sink.sendall(data)
