"""tufline ci signing-event: bring signing events up to date and show where they stand."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands._answer import show_answer
from tufline.repository.commands._options import forge_option, git_dir_option, now_option

if TYPE_CHECKING:
    from tufline.repository.commands._place import ForgeName
    from tufline.repository.jobs.place import Place


@click.command()
@click.argument("event", required=False)
@click.option("--all", "every", is_flag=True, help="Look at all events in place of one.")
@forge_option
@git_dir_option
@now_option
def command(
    *, event: str | None, every: bool, forge: "ForgeName", git_dir: Path, now: datetime
) -> None:
    """Update the metadata of EVENT where artifacts ask for it, review it, and show its status.

    Signatures that forks offer are taken where they verify. Answers JSON. Waiting and refused are
    answers: the exit status is 0 for them too. With --all it is 1 if an event could not be judged;
    the others were all the same.
    """
    from tufline.repository.commands._place import open_place

    if every == (event is not None):
        raise click.UsageError("give either an EVENT or --all")
    with open_place(git_dir, now, forge) as place:
        answer = _one(place, event) if event is not None else _all(place)
    show_answer(answer)
    if answer.get("problems"):
        raise click.exceptions.Exit(1)


def _one(place: "Place", event: str) -> dict[str, Any]:
    from tufline.repository.jobs.signing_event import signing_event

    outcome = signing_event(place, event)
    status = outcome.status
    return {
        "event": event,
        "open": status is not None,
        "merged": outcome.merged,
        "verdict": status.verdict if status else None,
        "head": status.head if status else None,
        "untold": [str(each) for each in outcome.untold],
    }


def _all(place: "Place") -> dict[str, Any]:
    from tufline.repository.jobs.signing_events import signing_events

    steps = tuple(signing_events(place))
    return {
        "done": {step.job: step.said for step in steps if step.problem is None},
        "problems": {step.job: step.problem for step in steps if step.problem is not None},
    }
