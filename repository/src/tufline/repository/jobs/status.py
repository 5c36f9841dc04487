"""Job: gather what is known of the published repository, from git alone."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from tufline.repository.format import ONLINE_ROLES, RoleName, role_of_path
from tufline.repository.history import Commit, CommitInfo, History
from tufline.repository.jobs._events import MAIN
from tufline.repository.jobs._head import Head
from tufline.repository.jobs._own_commits import own_commits
from tufline.repository.status import EventFacts, RepositoryFacts, forecasts, role_facts

_MOST_EVENTS: Final = 20
_MOST_COMMITS_OF_MAIN: Final = 200
_MOST_COMMITS_OF_AN_EVENT: Final = 200
_TITLE: Final = "TUF repository"


def repository_facts(history: History, head: Head, *, now: datetime) -> RepositoryFacts:
    """Return the facts of `head`, which was judged, and of the events that led to it."""
    roles = tuple(role_facts(head.state))
    events = tuple(islice(merged_events(history), _MOST_EVENTS))
    return RepositoryFacts(
        title=head.settings.notify.repository or _TITLE,
        now=now,
        commit=head.commit,
        url=head.settings.publish.url,
        roles=roles,
        events=events,
        forecasts=tuple(forecasts(roles, events, now=now)),
    )


def merged_events(history: History) -> Iterator[EventFacts]:
    """Yield the signing events that main holds, the newest first; their times are git's claims.

    An event is a merge that changed metadata. One that was squashed left no trace of when it began.
    """
    if MAIN not in history.branches(MAIN):
        return
    line = history.first_parents(history.resolve(MAIN))
    for info in islice(line, _MOST_COMMITS_OF_MAIN):
        base, *others = info.parents or (None,)
        heads = tuple(each for each in others if not history.contains(base, each)) if base else ()
        roles = _roles(history, base, info.id) if base and heads else ()
        if base and roles:
            yield _event(history, info, base, heads, roles)


def _event(
    history: History,
    merge: CommitInfo,
    base: Commit,
    heads: tuple[Commit, ...],
    roles: tuple[RoleName, ...],
) -> EventFacts:
    own = own_commits(history, base, heads)
    times = [each.when for each in islice(own, _MOST_COMMITS_OF_AN_EVENT)]
    return EventFacts(
        title=merge.message.partition("\n")[0].removeprefix("Merge signing event "),
        roles=roles,
        began=min(*times, merge.when),
        ready=max(times),
        merged=merge.when,
    )


def _roles(history: History, base: Commit, merge: Commit) -> tuple[RoleName, ...]:
    changed = history.files(merge).since(history.files(base))
    roles = {role_of_path(each.path) for each in changed} - {None, *ONLINE_ROLES}
    return tuple(sorted(role for role in roles if role is not None))
