"""The HTTP server behind `serve`. A file of its own, because it is imported only when used."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_SECONDS_FOR_A_REQUEST: Final = 30


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; nothing is cached, nothing is logged."""

    timeout = _SECONDS_FOR_A_REQUEST

    def __init__(self, read: Callable[[str], bytes | None], *arguments: Any) -> None:  # noqa: ANN401 - the server's own
        self._read = read
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, *, with_body: bool) -> None:
        status, data = self._found()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if with_body:
            self.wfile.write(data)

    def _found(self) -> tuple[HTTPStatus, bytes]:
        try:
            data = self._read(unquote(urlsplit(self.path).path).removeprefix("/"))
        except Exception as error:  # noqa: BLE001 - whatever a store raises is a server's error
            return HTTPStatus.INTERNAL_SERVER_ERROR, str(error).encode(errors="replace")
        if data is None:
            return HTTPStatus.NOT_FOUND, b""
        return HTTPStatus.OK, data


class _Server(ThreadingHTTPServer):
    """Goes on, silently, when a client hangs up."""

    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


@contextmanager
def running(read: Callable[[str], bytes | None]) -> Iterator[int]:
    """Serve on loopback; give the port."""
    with _Server(("127.0.0.1", 0), partial(_Handler, read)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
