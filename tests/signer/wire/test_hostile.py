"""Servers that do not end, or send too much: a signer waits for none of them for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import ClassVar

import pytest
from tests.signer.publishing import first_of, machine_in
from tests.support.published import Published

from tufline.signer.wire import WireUnreachable

_CHUNK = b" " * 65536


class Hostile(BaseHTTPRequestHandler):
    """Answers every request with what `say` does, until the other side is gone."""

    say: ClassVar[Callable[["Hostile"], None]]
    ended: ClassVar[threading.Event]

    def do_GET(self) -> None:
        try:
            self.say()
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hostile(say: Callable[[Hostile], None]) -> Iterator[str]:
    ended = threading.Event()
    handler = type("Handler", (Hostile,), {"say": say, "ended": ended})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            ended.set()
            server.shutdown()
            thread.join()


def endless(request: Hostile) -> None:
    request.send_response(200)
    request.end_headers()
    while not request.ended.is_set():
        request.wfile.write(_CHUNK)


def huge(request: Hostile) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(2**40))
    request.end_headers()
    while not request.ended.is_set():
        request.wfile.write(_CHUNK)


def byte_by_byte(request: Hostile) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    while not request.ended.wait(0.1):
        request.wfile.write(b" ")
        request.wfile.flush()


def headers_without_end(request: Hostile) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not request.ended.wait(0.1):
        request.wfile.write(b"X")
        request.wfile.flush()


def later(request: Hostile) -> None:
    request.send_response(503)
    request.send_header("Retry-After", "3600")
    request.end_headers()


def to_itself(request: Hostile) -> None:
    request.send_response(302)
    request.send_header("Location", request.path)
    request.end_headers()


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (endless, "the server sends more than any client takes"),
        (huge, "the server sends more than any client takes"),
        (byte_by_byte, "no end after 1 seconds"),
        (headers_without_end, "no end after 1 seconds"),
        (later, "no end after 1 seconds"),
        (to_itself, "too many redirects"),
    ],
)
def test_server_without_an_end(tmp_path: Path, say: Callable[[Hostile], None], reason: str) -> None:
    repository, machine = Published(), machine_in(tmp_path, patience=1.0)
    pin = machine.pin(first_of(repository))
    begun = monotonic()
    with hostile(say) as url, pytest.raises(WireUnreachable) as caught:
        machine.asks(url, repository.state())
    assert str(caught.value).endswith(reason)
    assert monotonic() - begun < 10
    assert machine.folder.read() == pin
