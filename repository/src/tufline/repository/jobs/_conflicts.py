"""Which events change the same role: the later one is held until the first is over.

Both can be signed, but only one can be merged: then the other is stale, and its signatures are
void. So who comes later is told before anybody signs. First is whose first commit is older.

It is git that says so. Of each event only the changed paths are read, and only once; who is first
is asked only where two events meet, and judged before it may hold others: what can never be merged,
such as a branch that was left behind, must not stop the renewal of a role.
"""

from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from itertools import islice, takewhile
from typing import Final

from tufline.repository.format import ONLINE_ROLES, RoleName, role_of_path
from tufline.repository.history import Commit, CommitInfo, CorruptRepository, History
from tufline.repository.jobs._events import EVENT_PREFIX, MAIN, Event, event_between
from tufline.repository.review import VerifierFor, keys_alone

_MOST_COMMITS: Final = 100
# Of those that come first so many are looked at for a sound one. Anybody may push branches.
_MOST_JUDGED: Final = 5
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Conflicts:
    """The open events as one run of a job sees them. What was read of a commit is kept.

    Main may go on meanwhile. Then some events are held for too long: until the next run, which
    looks at all of them since main moved.
    """

    def __init__(
        self, history: History, *, now: datetime, verifiers: VerifierFor = keys_alone
    ) -> None:
        self._history = history
        self._verifiers = verifiers
        self._main = history.resolve(MAIN)
        self._now = now
        self._roles = cache(self._read_roles)
        self._began = cache(self._read_began)
        self._is_sound = cache(self._judge)

    def holder(self, event: Event) -> str | None:
        """Return the event that comes first, None if this one may go on."""
        roles = self._roles(event.head)
        heads = self._history.branches(EVENT_PREFIX) if roles else {}
        rivals = [
            (name, head)
            for name, head in heads.items()
            if name != event.name and roles & self._roles(head)
        ]
        if not rivals:
            return None
        mine = (self._began(event.head), event.name)
        ranked = sorted((self._began(head), name) for name, head in rivals)
        first = [name for began, name in ranked if (began, name) < mine]
        sound = (name for name in first[:_MOST_JUDGED] if self._is_sound(name, heads[name]))
        return next(sound, None)

    def _read_roles(self, head: Commit) -> frozenset[RoleName]:
        """Return the roles whose files the event changes; none if it cannot be told."""
        with suppress(CorruptRepository):  # anybody may push a branch, one with damaged trees too
            bases = self._history.merge_bases(self._main, head)
            if len(bases) == 1:
                changes = self._history.files(head).since(self._history.files(bases[0]))
                roles = (role_of_path(change.path) for change in changes)
                return frozenset(role for role in roles if role) - ONLINE_ROLES
        return frozenset()

    def _read_began(self, head: Commit) -> datetime:
        """Return when the first commit was made that is the event's own."""
        with suppress(CorruptRepository):
            line = islice(self._history.first_parents(head), _MOST_COMMITS)
            *_, first = takewhile(self._is_own, line)
            return first.when
        return _LAST

    def _is_own(self, info: CommitInfo) -> bool:
        return not self._history.contains(self._main, info.id)

    def _judge(self, name: str, head: Commit) -> bool:
        with suppress(CorruptRepository):
            main = self._history.resolve(MAIN)
            event = event_between(self._history, main, head, name=name, verifiers=self._verifiers)
            return not event.review(now=self._now).errors
        return False
