"""Git over smart HTTP, as GitHub serves it: who may read and push, and what a push sets off.

    serve_git(hub, handler)     # in the request handler, for /OWNER/REPO(.git)/info/refs and so on

Everybody may read a public repository. A token comes as the password of HTTP basic with any user
name, or as a bearer token; to push it needs `contents: write`. Heads of pull requests can be
fetched as `refs/pull/N/head` and are no refs that a push could name.
"""

import binascii
from base64 import b64decode
from http.server import BaseHTTPRequestHandler

from tests.support.github._git_http import (
    GitAnswer,
    GitRequest,
    read_request,
    run_backend,
    send_answer,
)
from tests.support.github._git_push import receive
from tests.support.github._hub import Hub
from tests.support.github._state import Repository, State, Token

_CHALLENGE = ("WWW-Authenticate", 'Basic realm="GitHub"')


class _Denied(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        headers = (("Content-Type", "text/plain; charset=utf-8"),)
        challenge = (_CHALLENGE,) if status == 401 else ()
        self.answer = GitAnswer(
            status=status, headers=(*headers, *challenge), body=message.encode()
        )


def serve_git(hub: Hub, handler: BaseHTTPRequestHandler) -> None:
    """Answer the request that the handler was given; 404 if its path is not one of git's."""
    request = read_request(handler)
    answer = GitAnswer(status=404) if request is None else answer_git(hub, request)
    send_answer(answer, handler)


def answer_git(hub: Hub, request: GitRequest) -> GitAnswer:
    """Do what is asked. What it changes has taken effect when the answer is returned."""
    try:
        with hub.lock:
            token = _token(hub, request.headers.get("authorization"))
            repository = _repository(hub, request, token)
    except _Denied as denied:
        return denied.answer
    if request.service == "git-receive-pack" and token:
        return receive(hub, repository, token, request)
    return run_backend(repository.git_dir, request, {})


def _token(state: State, authorization: str | None) -> Token | None:
    if authorization is None:
        return None
    token = state.tokens.get(_secret(authorization))
    if token is None or (token.expires and token.expires <= state.now()):
        raise _Denied(401, "Invalid username or token.")
    return token


def _secret(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return value.strip()
    try:
        return b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _repository(state: State, request: GitRequest, token: Token | None) -> Repository:
    """Return the repository if the token may do there what is asked."""
    found = state.repository(request.repository)
    if token is None and (found is None or found.private or request.writes):
        raise _Denied(401, "Authentication required.")
    if found is None or (token and found.private and not _may(state, token, found, "read")):
        raise _Denied(404, "Repository not found.")
    if token and request.writes and not _may(state, token, found, "write"):
        raise _Denied(403, f"Permission to {found.full_name}.git denied to {token.login}.")
    return found


def _may(state: State, token: Token, repository: Repository, level: str) -> bool:
    return state.may(token, repository, "contents", level)
