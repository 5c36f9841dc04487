"""A CONNECT proxy on loopback (RFC 9110, 9.3.6), so that clients keep the names of real services.

A host that has no route is refused: nothing leaves this machine.
"""

import socket
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer

Address = tuple[str, int]
_CHUNK = 65536


class Proxy:
    """Where it listens, and what it was asked for; `refused` has `host:port` of what it has not."""

    def __init__(self, routes: Mapping[str, Address]) -> None:
        self.routes = dict(routes)
        self.connected: list[str] = []
        self.refused: list[str] = []
        self.url = ""
        self._tunnels: dict[str, list[socket.socket]] = defaultdict(list)
        self._lock = threading.Lock()

    def find(self, host: str) -> Address | None:
        """Return where `host:port` is, and note that somebody asked."""
        with self._lock:
            found = self.routes.get(host)
            (self.connected if found else self.refused).append(host)
        return found

    def note(self, host: str, *ends: socket.socket) -> None:
        """Note both ends of a tunnel."""
        with self._lock:
            self._tunnels[host] += ends

    def cut(self, host: str) -> None:
        """End all tunnels to `host:port` at once, as a broken network does."""
        with self._lock:
            ends = self._tunnels.pop(host, [])
        for end in ends:
            _close(end)


@contextmanager
def proxy(routes: Mapping[str, Address]) -> Iterator[Proxy]:
    """Forward to these addresses until the end of the block."""
    told = Proxy(routes)

    class Handler(_Handler):
        proxy = told

    class Server(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            for host in told.routes:
                told.cut(host)
            server.shutdown()
            thread.join()


class _Handler(StreamRequestHandler):
    proxy: Proxy

    def handle(self) -> None:
        request = self.rfile.readline().decode("ascii", "replace").split()
        while self.rfile.readline().strip():
            pass  # headers say nothing that we need
        host = request[1] if request[:1] == ["CONNECT"] else "?"
        address = self.proxy.find(host)
        if address is None:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with suppress(OSError), socket.create_connection(address) as server:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.proxy.note(host, self.connection, server)
            back = threading.Thread(target=_pump, args=(server, self.connection), daemon=True)
            back.start()
            _pump(self.connection, server)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Forward until either end closes; then close both."""
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    _close(source)
    _close(sink)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
