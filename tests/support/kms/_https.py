"""JSON over HTTPS on loopback, with the two ways of not answering."""

import json
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.kms._proxy import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request; `path` has its query, the names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is answered: JSON."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = "application/json"


class Silence(Enum):
    """What may happen in place of an answer."""

    CLOSE = auto()
    STALL = auto()


Respond = Callable[[Asked], Answer | Silence]


@contextmanager
def https_service(respond: Respond, context: ssl.SSLContext | None) -> Iterator[Address]:
    """Serve until the end of the block; plain HTTP without a context."""
    stopped = threading.Event()

    class Handler(_Handler):
        answer_to = staticmethod(respond)
        stop = stopped

    with _Server(("127.0.0.1", 0), Handler) as server:
        if context:
            # The handshake is left to each connection's own thread.
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield "127.0.0.1", server.server_port
        finally:
            stopped.set()
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's
        """Say nothing where only the client has gone."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer_to: Respond
    stop: threading.Event

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(method=self.command, path=self.path, headers=headers, body=body)
        answer = self.answer_to(asked)
        if isinstance(answer, Answer):
            self._write(answer)
            return
        if answer is Silence.STALL:
            self.stop.wait()
        self.close_connection = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _write(self, answer: Answer) -> None:
        data = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
