"""A plain git server as a forge: statuses and problems are files in the bare repository.

    <git-dir>/tufline/events/<event>.json    one signing event
    <git-dir>/tufline/problems/<job>.json    one failing job

The folder is for people, and for jobs to see what they have told already. Nothing is decided by
it: whoever can write there can only make a job work again or keep a message out of sight.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from tufline.repository.forge._interface import (
    Contribution,
    EventStatus,
    ForgeFailed,
    ProposalFacts,
    Task,
)
from tufline.repository.forge._record import status_from_json, status_json
from tufline.repository.history import Commit


class BareForge:
    """Statuses and problems in a folder of the bare repository (`Forge`)."""

    def __init__(self, git_dir: Path) -> None:
        self._events = git_dir / "tufline" / "events"
        self._problems = git_dir / "tufline" / "problems"

    def statuses(self) -> Mapping[str, EventStatus]:
        """Return what is shown now. A file that is not a status counts as nothing shown."""
        shown = {name: status_from_json(tree) for name, tree in _read_all(self._events)}
        return {name: status for name, status in shown.items() if status is not None}

    def show(self, status: EventStatus) -> None:
        """Show the status."""
        _write(self._events, status.event, status_json(status))

    def forget(self, event: str) -> None:
        """Stop showing an event."""
        _remove(self._events, event)

    def problems(self) -> Mapping[str, str]:
        """Return the open problems."""
        return {name: str(tree.get("text")) for name, tree in _read_all(self._problems)}

    def open_problem(self, job: str, text: str) -> None:
        """Report that a job failed."""
        _write(self._problems, job, {"text": text})

    def close_problem(self, job: str) -> None:
        """Report that the job works."""
        _remove(self._problems, job)

    def merge(self, event: str, *, head: Commit, message: str) -> Commit | None:  # noqa: ARG002 - the port
        """Merge nothing: whoever runs the job may move the branches."""
        return None

    def contributions(self, event: str) -> tuple[Contribution, ...]:  # noqa: ARG002 - the port
        """Return nothing: who may not push can offer nothing."""
        return ()

    def decline(self, contribution: Contribution, reason: str) -> None:
        """Do nothing, for there are no contributions."""

    def others(self) -> tuple[Contribution, ...]:
        """Return nothing: what is no event is pushed to main by whoever may."""
        return ()

    def clear(self, proposal: Contribution, *, allowed: bool, summary: str) -> None:
        """Do nothing, for there are no others."""

    def request(self, task: Task, event: str | None = None) -> None:
        """Do nothing: a tick does all that is due."""

    def facts(self, merge: Commit) -> ProposalFacts:  # noqa: ARG002 - the port
        """Return nothing but what git knows."""
        return ProposalFacts()


def _read_all(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError):  # not ours, or gone meanwhile: nothing shown
            tree = json.loads(path.read_bytes())
            if isinstance(tree, dict):
                yield unquote(path.stem), tree


def _write(folder: Path, name: str, tree: dict[str, Any]) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    path = _file(folder, name)
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(json.dumps(tree, indent=2), encoding="utf-8")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ForgeFailed(f"cannot write {path}: {error.strerror}") from error


def _remove(folder: Path, name: str) -> None:
    try:
        _file(folder, name).unlink(missing_ok=True)
    except OSError as error:
        raise ForgeFailed(f"cannot remove {folder / name}: {error.strerror}") from error


def _file(folder: Path, name: str) -> Path:
    return folder / f"{quote(name, safe='')}.json"
