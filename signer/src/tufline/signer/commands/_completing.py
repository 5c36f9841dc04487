"""What a shell may complete a word to: events and roles of the clone, as it is. No network.

A shell asks at each press of a key, so nothing slow is imported. What it is told, it may put into
the line unquoted, and anybody may push a branch: names with odd characters are passed over.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

_EVENT: Final = re.compile(r"(?:^|/)(sign/[A-Za-z0-9][A-Za-z0-9._/-]*)$")
_ROLE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOT_CHOSEN: Final = frozenset({"root", "snapshot", "timestamp"})  # they list no artifacts
_SECONDS: Final = 2


def complete_event(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the events whose branches were fetched."""
    return _items(_events(_folder(context)), incomplete)


def complete_role(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the roles that list artifacts, where metadata is checked out."""
    return _items(set(_roles(_folder(context))) - _NOT_CHOSEN, incomplete)


def complete_any_role(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return all roles, where metadata is checked out."""
    return _items(_roles(_folder(context)), incomplete)


def complete_event_or_role(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return both: an event may stand before a role."""
    both = complete_event, complete_any_role
    return [item for each in both for item in each(context, parameter, incomplete)]


def complete_event_or_file(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Let the shell look for files, and return the events that may stand before them."""
    files = CompletionItem(incomplete, type="file")
    return [files, *complete_event(context, parameter, incomplete)]


def _items(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(set(names)) if name.startswith(incomplete)]


def _folder(context: click.Context) -> Path:
    return Path(context.params.get("git_dir") or ".")


def _events(folder: Path) -> Iterator[str]:
    for name in _git(folder, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"):
        found = _EVENT.search(name)
        if found:
            yield found[1]


def _roles(folder: Path) -> Iterator[str]:
    for top in _git(folder, "rev-parse", "--show-toplevel"):
        for file in Path(top, "metadata").glob("*.json"):
            if _ROLE.fullmatch(file.stem):
                yield file.stem


def _git(folder: Path, *arguments: str) -> list[str]:
    """Return the lines of an answer; none where there is no git or no clone."""
    from tufline.repository.programs import NotRun, bare_environment, run

    command = ["git", *arguments]
    try:
        ran = run(
            command,
            folder=folder,
            environment=bare_environment(Path.home()),
            timeout=_SECONDS,
        )
    except NotRun:
        return []
    return [] if ran.code else ran.output.splitlines()
