"""HTTP on loopback: paths to the parts of the emulator, faults, and the log of requests."""

import io
import json
import socket
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import graphql
from tests.support.github import _git, _graphql, _rest
from tests.support.github._access import token_of
from tests.support.github._faults import Kind, failure
from tests.support.github._hub import Hub
from tests.support.github._router import Refused
from tests.support.github._state import Request

_REST = "/api/v3"
_READING = frozenset({"GET", "HEAD"})


class Server(ThreadingHTTPServer):
    """Serves a hub on a free port, until `server_close`, which also closes all connections."""

    daemon_threads = False

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub
        self._connections: set[socket.socket] = set()
        hub.url = f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as inherited
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._connections):
            _hang_up(connection)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - as inherited
        """Note what went wrong here, unless it is a client that went away."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.hub.violations.append(f"the emulator failed: {error!r}")


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    answered = 0

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815 - as inherited

    def send_response(self, code: int, message: str | None = None) -> None:
        self.answered = code
        super().send_response(code, message)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Say nothing: `Hub.requests` is the log."""

    def _serve(self) -> None:
        """Answer once the request is in the log, so that a client finds there what it did."""
        self.answered, connection, self.wfile = 0, self.wfile, io.BytesIO()
        place = urlsplit(self.path).path
        body = self._body() if place.startswith("/api/") else b""
        name, mutating = _meaning(self.command, place, body)
        self._struck_or_not(name, place, body)
        request = Request(method=self.command, path=name, status=self.answered, mutating=mutating)
        self.server.hub.requests.append(request)
        answer, self.wfile = self.wfile.getvalue(), connection
        if self.answered:
            connection.write(answer)
        else:
            self.close_connection = True
            _hang_up(self.connection)

    def _struck_or_not(self, name: str, place: str, body: bytes) -> None:
        with self.server.hub.lock:
            ordered = self.server.hub.faults.strike(self.command, name)
        match ordered:
            case None:
                self._dispatch(place, body)
            case Kind.BREAK_BEFORE:
                pass
            case Kind.BREAK_AFTER:
                self._dispatch(place, body)
                self.answered = 0
            case struck:
                self._send(*failure(struck))

    def _dispatch(self, place: str, body: bytes) -> None:
        if place.startswith(f"{_REST}/"):
            self._rest(place.removeprefix(_REST), body)
        elif place == "/api/graphql":
            self._graphql(body)
        elif place.startswith("/pages/"):
            self._pages(unquote(place.removeprefix("/pages/")))
        else:
            _git.serve_git(self.server.hub, self)

    def _rest(self, path: str, body: bytes) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        incoming = _rest.Incoming(
            method=self.command,
            path=path,
            query=query,
            authorization=self.headers["Authorization"],
            body=body,
        )
        answer = _rest.answer(self.server.hub, incoming)
        self._send(answer.status, answer.body, answer.headers)

    def _graphql(self, body: bytes) -> None:
        hub = self.server.hub
        try:
            token = token_of(hub, self.headers["Authorization"])
            if token is None:
                raise Refused(401, "This endpoint requires you to be authenticated.")  # noqa: TRY301 - answered below
        except Refused as refused:
            self._send(refused.status, refused.body, refused.headers)
            return
        with hub.lock:
            status, content = _graphql.answer(hub, token, json.loads(body))
        self._send(status, content, {})

    def _pages(self, path: str) -> None:
        owner, name, inside = [*path.split("/", 2), "", ""][:3]
        repository = self.server.hub.repository(f"{owner}/{name}")
        pages = repository.pages if repository else None
        content = _file(pages.folder, inside) if pages else None
        if content is None:
            self._send(404, {"message": "Not Found"}, {})
            return
        self._write(200, content, {"Content-Type": "application/octet-stream"})

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _send(self, status: int, content: object, headers: Mapping[str, str]) -> None:
        text = b"" if content is None else json.dumps(content).encode()
        self._write(status, text, {"Content-Type": "application/json; charset=utf-8", **headers})

    def _write(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _meaning(method: str, place: str, body: bytes) -> tuple[str, bool]:
    """Return what a request is called in faults and in the log, and whether it changes anything."""
    if place.startswith(f"{_REST}/"):
        return place.removeprefix(_REST), method not in _READING
    if place == "/api/graphql":
        return _graphql_meaning(body)
    return place, place.endswith("/git-receive-pack")


def _graphql_meaning(body: bytes) -> tuple[str, bool]:
    try:
        parsed = graphql.parse(json.loads(body)["query"])
    except (ValueError, KeyError, graphql.GraphQLError):
        return "graphql:", False
    operation = graphql.get_operation_ast(parsed)
    if operation is None:
        return "graphql:", False
    fields = [
        each.name.value
        for each in operation.selection_set.selections
        if isinstance(each, graphql.FieldNode)
    ]
    return f"graphql:{' '.join(fields)}", operation.operation is graphql.OperationType.MUTATION


def _file(folder: Path, path: str) -> bytes | None:
    """Return the file's bytes, None where there is none in the folder."""
    wanted = (folder / path).resolve()
    if wanted.is_dir():
        wanted /= "index.html"
    inside = wanted.is_relative_to(folder.resolve())
    return wanted.read_bytes() if inside and wanted.is_file() else None
