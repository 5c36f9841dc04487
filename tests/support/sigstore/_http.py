"""A service on loopback: routes by method and path, each a function from a request to an answer."""

import json
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    headers: Mapping[str, str]
    body: bytes
    query: str = ""

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever a client sends
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    status: int = 200
    body: bytes
    media_type: str = "application/json"
    location: str | None = None


Route: TypeAlias = Callable[[Request], Answer]


class Denied(Exception):
    """The request is refused, with the reason."""


def json_answer(value: object, *, status: int = 200) -> Answer:
    return Answer(status=status, body=json.dumps(value).encode())


@contextmanager
def serving(routes: Mapping[tuple[str, str], Route]) -> Iterator[str]:
    """Serve the routes, which may grow meanwhile, on a free port; give the URL without "/"."""

    class Handler(_Handler):
        known = routes

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    known: Mapping[tuple[str, str], Route] = {}

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the library's
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, _, query = self.path.partition("?")
        route = self.known.get((self.command, path))
        try:
            if route is None:
                raise Denied(f"no {self.command} {self.path}")  # noqa: TRY301 - answered below
            answer = route(Request(headers=dict(self.headers), body=body, query=query))
        except Denied as error:
            answer = json_answer({"code": 3, "message": str(error)}, status=400)
        except Exception:  # noqa: BLE001 - so that the test's output tells what is wrong
            answer = json_answer({"code": 13, "message": traceback.format_exc()}, status=500)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        if answer.location is not None:
            self.send_header("Location", answer.location)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
