"""What people and machines want to know of a published repository. Values only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tufline.repository.format import RoleName


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleFacts:
    """One role, as it is published.

    Attributes:
        signing_starts: from when on a new version is due; None where the metadata does not say.
        issued: when this version was made: its end less its period; None as above.
        signers: "@name" of people, URIs of online keys.
        online: whether a machine alone signs it.
        delegators: who delegates to it; () for the four top-level roles.
        artifacts: how many it lists; None for a role that lists none.
    """

    name: RoleName
    version: int
    expires: datetime
    signing_starts: datetime | None
    issued: datetime | None
    threshold: int
    signers: tuple[str, ...]
    online: bool
    delegators: tuple[RoleName, ...] = ()
    artifacts: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFacts:
    """One signing event that is on main.

    Attributes:
        title: one line, of strangers: show it safely.
        roles: those that it changed.
        began: its first own commit; ready: when the last signature came; merged: when main got it.
        url: where people talked about it.
    """

    title: str
    roles: tuple[RoleName, ...]
    began: datetime
    ready: datetime | None
    merged: datetime
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """Whether a role will be renewed in time, by what its past events took.

    Attributes:
        margin: from `now` to the end of the role.
        expected: how long an event takes from its first commit to main: the median of the past
            ones; None where there were none.
        spare: what is left of the margin if an event began when it is due and took the longest
            that one ever took; negative: it will be too late. None where nothing is known.
    """

    role: RoleName
    margin: timedelta
    expected: timedelta | None
    spare: timedelta | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RepositoryFacts:
    """All of it, as of `now`.

    Attributes:
        title: how the repository is called.
        commit: the commit of publish that is shown.
        events: the newest first.
    """

    title: str
    now: datetime
    commit: str
    url: str | None
    roles: tuple[RoleFacts, ...]
    events: tuple[EventFacts, ...]
    forecasts: tuple[Forecast, ...]

    @property
    def margin(self) -> timedelta:
        """Until clients stop if nobody signs anything any more."""
        top_level = (each.expires for each in self.roles if not each.delegators)
        return min(top_level) - self.now
