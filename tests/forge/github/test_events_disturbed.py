"""Showing an event, with each request failing once in each way: in the end nobody can tell."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from tests.support.events_on_github import ANN, BO, event, ready, waiting_event
from tests.support.github import Fault, Kind
from tests.support.on_github import OnGitHub

from tufline.repository.forge import EventStatus, ForgeFailed
from tufline.repository.forge.github import GitHubForge

STEPS: dict[str, Callable[[EventStatus], tuple[EventStatus, ...]]] = {
    "opened": lambda status: (status,),
    "asked": lambda status: (
        replace(status, asks=(), text="none"),
        replace(status, asks=(ANN, BO)),
    ),
    "ready": lambda status: (status, ready(status)),
    "stale": lambda status: (status, replace(ready(status), verdict="refused", stale=True)),
}
KINDS = (Kind.BREAK_BEFORE, Kind.BREAK_AFTER, Kind.SECONDARY_LIMIT, 404, 409, 422, 429, 500)
# A person who cannot be asked for a review is answered by these, and it is nobody's failure.
_PATH: dict[int | Kind, str] = dict.fromkeys((404, 422), "^(?!.*/requested_reviewers)")


def story(github: OnGitHub) -> object:
    """Return all that people see in the end; ids and times apart."""
    issue, pull = event(github)
    comments = [(each.author, each.body) for each in issue.comments]
    last = github.repository.statuses[-1]
    seen = (issue.title, issue.state, issue.labels, comments, pull.draft, pull.reviewers)
    return (*seen, last.state, last.description)


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        *(("opened", kind) for kind in KINDS),
        *(("asked", kind) for kind in KINDS[:2]),
        *(("ready", kind) for kind in (*KINDS[:2], 404)),
        *(("stale", kind) for kind in (*KINDS[:2], 500)),
    ],
    ids=str,
)
def test_show_that_fails_at_any_request_and_runs_again_ends_as_if_undisturbed(
    github: OnGitHub, steps: str, kind: int | Kind
) -> None:
    waiting = waiting_event(github)
    forge = GitHubForge(github.session())
    *before, last = STEPS[steps](waiting)
    undisturbed, nth, struck = None, 0, True
    while struck:
        _start_over(github)
        for status in before:
            forge.show(status)
        # At first nothing fails; then the first request, the second, until there is no such.
        fault = Fault(kind=kind, nth=nth, path=_PATH.get(kind, ""))
        github.hub.faults.faults = [fault] if nth else []
        with suppress(ForgeFailed):
            forge.show(last)
        struck = not nth or fault.seen >= nth
        github.hub.faults.faults = []
        forge.show(last)
        undisturbed = undisturbed or story(github)
        assert story(github) == undisturbed, f"request {nth}"
        nth += 1

    assert nth > 3


def _start_over(github: OnGitHub) -> None:
    """Forget all but the branches."""
    it = github.repository
    for records in (it.issues, it.labels, it.statuses):
        records.clear()
