"""What people were told of a signing event on the emulated GitHub."""

import re
from collections import Counter
from dataclasses import dataclass

from tests.support.github import Hub
from tests.workflows.stage import NAME

_STATUS = "<!-- tufline-status "
_TELLING = "<!-- tufline-telling "
_CODE = re.compile(r"`[^`]*`|<!--.*?-->|<code>.*?</code>", re.DOTALL)
_MENTION = re.compile(r"(?<![\w@/])@([a-z0-9-]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the event's one pull request shows, and how often each person was mentioned.

    Attributes:
        statuses: how many comments say where the event stands.
        mentions: in how many comments each person was told to do something.
        others: comments that are neither.
        labels: those that are left.
        state: the commit status of its last commit.
    """

    merged_by: str | None
    statuses: int
    mentions: dict[str, int]
    others: int
    labels: tuple[str, ...]
    state: str


def told(hub: Hub, event: str) -> Told:
    """Return it; raise ValueError unless there is just one pull request of the event."""
    repository = hub.repositories[NAME]
    (issue,) = (
        each
        for each in repository.issues.values()
        if each.pull and (each.pull.head, each.pull.base) == (event, "main")
    )
    assert issue.pull
    bodies = [comment.body for comment in issue.comments]
    tellings = [body for body in bodies if _TELLING in body]
    statuses = [body for body in bodies if _STATUS in body]
    assert not any(_mentions(body) for body in (issue.body or "", *statuses)), "mentions people"
    states = [each.state for each in repository.statuses if each.sha == issue.pull.head_sha]
    return Told(
        merged_by=issue.pull.merged_by,
        statuses=len(statuses),
        mentions=dict(sorted(Counter(who for body in tellings for who in _mentions(body)).items())),
        others=len(bodies) - len(tellings) - len(statuses),
        labels=tuple(issue.labels),
        state=states[-1],
    )


def _mentions(body: str) -> set[str]:
    return set(_MENTION.findall(_CODE.sub("", body)))
