"""A push: what it asks for, what of it is refused, and telling the hub what it changed."""

import json
import sys
from collections.abc import Iterator
from threading import Lock
from typing import Final

from tests.support.github._git_http import GitAnswer, GitRequest, run_backend
from tests.support.github._git_rules import RefUpdate, forward_only, refusals
from tests.support.github._hub import Hub
from tests.support.github._objects import refs
from tests.support.github._state import Repository, Token

_NOTHING: Final = "0" * 40
_BRANCH: Final = "refs/heads/"
_WORKFLOWS: Final = (
    "refusing to allow a GitHub App to create or update workflow `{}` "
    "without `workflows` permission"
)

# One push at a time, whatever the repository: else a push could report what another one changed.
_RECEIVING = Lock()


def receive(hub: Hub, repository: Repository, token: Token, request: GitRequest) -> GitAnswer:
    """Let git take in what is pushed, but for the refs that are protected from it."""
    updates = list(_updates(request.body))
    with _RECEIVING:
        with hub.lock:
            variables = _hook_variables(repository, token, updates)
        before = refs(repository.git_dir, "refs/")
        answer = run_backend(repository.git_dir, request, variables)
        after = refs(repository.git_dir, "refs/")
        changes = {
            update.ref.removeprefix(_BRANCH): (before.get(update.ref), after.get(update.ref))
            for update in updates
            if update.ref.startswith(_BRANCH) and before.get(update.ref) != after.get(update.ref)
        }
        if changes:
            hub.pushed(repository, token.login, token.kind, changes)
    return answer


def _updates(body: bytes) -> Iterator[RefUpdate]:
    """Yield the commands at the head of a push (gitprotocol-pack, "reference update request")."""
    while size := int(body[:4] or b"0", 16):
        line, body = body[4:size], body[size:]
        words = line.split(b"\0")[0].decode().rstrip("\n").split(" ", 2)
        if words[0] != "shallow":
            old, new, ref = words
            yield RefUpdate(ref=ref, old=_commit(old), new=_commit(new))


def _commit(name: str) -> str | None:
    return None if name == _NOTHING else name


def _hook_variables(
    repository: Repository, token: Token, updates: list[RefUpdate]
) -> dict[str, str]:
    forward = {update.ref: forward_only(repository, update.ref) for update in updates}
    limited = token.permissions is not None and token.permissions.get("workflows") != "write"
    push = {
        "refused": {u.ref: refusals(repository, token.login, u) for u in updates},
        "forward": {ref: line for ref, line in forward.items() if line},
        "workflows": _WORKFLOWS if limited else None,
    }
    return {"EMULATOR_PUSH": json.dumps(push), "EMULATOR_PYTHON": sys.executable}
