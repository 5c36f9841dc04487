"""A request and an answer of git's smart HTTP protocol, and what makes one of the other.

The program is git's own: `git http-backend`, run as CGI. Nothing here knows who may do what.
"""

import gzip
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from pathlib import Path
from typing import Final

HOOKS: Final = Path(__file__).parent / "hooks"

# GitHub's own settings, as far as a client can see them. No settings of this machine are read.
_CONFIG: Final = {
    "core.hooksPath": str(HOOKS),
    "gc.auto": "0",
    "http.receivepack": "true",
    "receive.autogc": "false",
    "receive.hideRefs": "refs/pull",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class GitRequest:
    """A request for `repository` ("owner/name"); `service` is what follows it in the path."""

    method: str
    repository: str
    service: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def writes(self) -> bool:
        """Whether it is a push, or the question that opens one."""
        return "git-receive-pack" in {self.service, self.query.removeprefix("service=")}


@dataclass(frozen=True, kw_only=True, slots=True)
class GitAnswer:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def read_request(handler: BaseHTTPRequestHandler) -> GitRequest | None:
    """Return the git request that the handler was given; None if its path is not one of git's.

    The body is read whole, put together from its chunks and unpacked.
    """
    path, _, query = handler.path.partition("?")
    owner, _, rest = path.removeprefix("/").partition("/")
    name, _, service = rest.partition("/")
    if service not in {"info/refs", "git-upload-pack", "git-receive-pack"}:
        return None
    return GitRequest(
        method=handler.command,
        repository=f"{owner}/{name.removesuffix('.git')}",
        service=service,
        query=query,
        headers={name.casefold(): value for name, value in handler.headers.items()},
        body=_body(handler),
    )


def send_answer(answer: GitAnswer, handler: BaseHTTPRequestHandler) -> None:
    """Send the answer, with its length."""
    handler.send_response(answer.status)
    for name, value in answer.headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(answer.body)))
    handler.end_headers()
    handler.wfile.write(answer.body)


def run_backend(git_dir: Path, request: GitRequest, variables: Mapping[str, str]) -> GitAnswer:
    """Let git answer; `variables` reach its hooks."""
    environment = {**git_environment(), **_cgi(git_dir, request), **variables}
    done = subprocess.run(
        ["git", "http-backend"],
        env=environment,
        input=request.body,
        capture_output=True,
        check=False,
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = dict(BytesParser().parsebytes(head, headersonly=True).items())
    if done.returncode or not headers:
        return GitAnswer(status=500, body=done.stderr)
    status = int(headers.pop("Status", "200").split()[0])
    return GitAnswer(status=status, headers=tuple(headers.items()), body=body)


def git_environment() -> dict[str, str]:
    """Return the variables for any git program that works on the emulator's repositories."""
    settings = {}
    for index, (name, value) in enumerate(_CONFIG.items()):
        settings[f"GIT_CONFIG_KEY_{index}"] = name
        settings[f"GIT_CONFIG_VALUE_{index}"] = value
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": str(len(_CONFIG)),
        **settings,
    }


def _cgi(git_dir: Path, request: GitRequest) -> dict[str, str]:
    return {
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REQUEST_METHOD": request.method,
        "PATH_TRANSLATED": f"{git_dir}/{request.service}",
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "REMOTE_ADDR": "127.0.0.1",
    }


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding", "").casefold() == "chunked":
        sent = _chunks(handler.rfile)
    else:
        sent = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
    packed = handler.headers.get("Content-Encoding", "") in {"gzip", "x-gzip"}
    return gzip.decompress(sent) if packed else sent


def _chunks(stream: BufferedIOBase) -> bytes:
    body = b""
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
    while stream.readline().strip():  # trailers
        pass
    return body
