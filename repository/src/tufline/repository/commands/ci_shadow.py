"""tufline ci shadow: let real clients try a signing event before anybody signs it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._answer import append_to, show_answer
from tufline.repository.commands._options import git_dir_option, now_option, remote_option

if TYPE_CHECKING:
    from tufline.repository.forge import EventCheck


@click.command()
@click.argument("event")
@click.option(
    "--keep",
    "folder",
    type=click.Path(path_type=Path),
    help="Write what would be published, with throwaway keys, to this new folder.",
)
@click.option("--check", "fail", is_flag=True, help="Exit with 1 if the event is refused.")
@remote_option
@git_dir_option
@now_option
def command(
    *,
    event: str,
    folder: Path | None,
    fail: bool,
    remote: str | None,
    git_dir: Path,
    now: datetime,
) -> None:
    """Build what EVENT would publish, with throwaway keys, and let clients update to it.

    The clients are those that main's tufline.toml names; its validators look at the artifacts too.
    Answers JSON: a list of checks, empty where there is nothing to look at. A refusal is an answer:
    the exit status is 0 for it too, unless --check.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.forge import CheckVerdict
    from tufline.repository.history import open_history
    from tufline.repository.jobs.checks.clients import ClientsCheck, published_state
    from tufline.repository.jobs.checks.validators import ValidatorsCheck
    from tufline.repository.jobs.shadow import keep, shadow_event

    with open_history(git_dir, pull_remote=remote) as history:
        clients = ClientsCheck(
            published=lambda: published_state(history),
            keep=lambda shadow: keep(shadow, folder) if folder else None,
        )
        checkers = (ValidatorsCheck(), clients)
        answers = shadow_event(history, event, checkers, now=now, verifiers=verifiers())
    _show(answers)
    if fail and any(each.verdict is CheckVerdict.FAILED for each in answers):
        raise click.exceptions.Exit(1)


def _show(answers: "tuple[EventCheck, ...]") -> None:
    """Answer, for the next job of a workflow and in the job's summary too."""
    import json

    from tufline.repository.commands._screen import spelled
    from tufline.repository.forge import check_json

    checks = [check_json(each) for each in answers]
    show_answer({"checks": checks})
    append_to("GITHUB_OUTPUT", f"checks={json.dumps(checks)}\n")
    for each in answers:
        summary = f"### {each.name}: {each.verdict}\n\n    {spelled(each.summary)}\n\n{each.text}\n"
        append_to("GITHUB_STEP_SUMMARY", summary)
    if not answers:
        append_to("GITHUB_STEP_SUMMARY", "### Shadow\n\nNothing of the event is to be looked at.\n")
