"""An HTTP service on loopback that does what a test wants it to, answer by answer.

with web_service([500, Act.HANG, 200]) as service:      # the last answer is repeated
    ...post to service.url...
assert service.received[0].body == b"..."
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias


class Act(Enum):
    """What a service may do in place of an answer."""

    HANG = auto()
    CLOSE = auto()
    HALF = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer with headers."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Answer: TypeAlias = int | Reply | Act


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class WebService:
    """What it was asked for; `stopped` lets hanging answers go."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.received: list[Received] = []
        self.stopped = threading.Event()
        self.url = ""

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web_service(answers: Sequence[Answer] = (200,)) -> Iterator[WebService]:
    """Serve on a free port until the end of the block."""
    service = WebService(answers)

    class Handler(_Handler):
        told = service

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield service
    finally:
        service.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    told: WebService

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the library's
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Received(method=self.command, path=self.path, headers=dict(self.headers), body=body)
        self.told.received.append(asked)
        answer = self.told.next_answer()
        if answer is Act.HANG:
            self.told.stopped.wait()
        elif answer is Act.HALF:
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nha")
        elif isinstance(answer, Reply | int):
            self._answer(Reply(status=answer) if isinstance(answer, int) else answer)

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
