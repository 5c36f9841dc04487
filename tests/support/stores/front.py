"""A web server before another one: passes everything on, unless a rule answers, or loses an answer.

with front_of(port) as front:
    front.rules.append(lambda request: Reply(status=503) if request.method == "PUT" else None)
    ...                                     # clients ask http://127.0.0.1:{front.port}
"""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

_PER_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client asks. `path` holds the query, too."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What it is told. Status 0: nothing, the connection breaks."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


BROKEN = Reply(status=0)
Rule: TypeAlias = Callable[[Request], Reply | None]


class Front:
    """What passes requests on to `upstream`, a port. The first rule that answers has its way."""

    def __init__(self, upstream: int) -> None:
        self.rules: list[Rule] = []
        self.port = 0
        self._upstream = upstream

    def answer(self, request: Request) -> Reply:
        """Answer by a rule, or as the server behind does."""
        for rule in tuple(self.rules):
            reply = rule(request)
            if reply is not None:
                return reply
        return self.forward(request)

    def forward(self, request: Request) -> Reply:
        """Let the server behind answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._upstream, timeout=30)
        try:
            headers = dict(request.headers)
            connection.request(request.method, request.path, request.body or None, headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        kept = tuple(
            (name, value)
            for name, value in response.getheaders()
            if name.lower() not in _PER_CONNECTION
        )
        return Reply(status=response.status, headers=kept, body=body)


@contextmanager
def front_of(upstream: int) -> Iterator[Front]:
    """Start a front at a free port of loopback; it ends with the block."""
    front = Front(upstream)

    class Handler(_Handler):
        served_by = front

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        front.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield front
        finally:
            server.shutdown()
            thread.join()


def one_write_at_a_time(front: Front) -> Rule:
    """Make a rule that lets the server behind do a write only when no other is under way."""
    lock = threading.Lock()

    def write(request: Request) -> Reply | None:
        if request.method not in {"PUT", "DELETE"}:
            return None
        with lock:
            return front.forward(request)

    return write


class _Handler(BaseHTTPRequestHandler):
    served_by: Front
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        request = Request(
            method=self.command,
            path=self.path,
            headers=dict(self.headers.items()),
            body=self.rfile.read(length),
        )
        reply = self.served_by.answer(request)
        if reply.status == 0:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Serve every method alike: `do_GET`, `do_PUT` and so on."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
