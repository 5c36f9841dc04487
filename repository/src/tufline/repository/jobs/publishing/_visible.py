"""Whether clients see what is published, at the URL where they read; and waiting until they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tufline.repository.cdn import PurgeFailed
from tufline.repository.errors import EnvironmentProblem, Refusal
from tufline.repository.format import ROOT, SNAPSHOT, TARGETS, TIMESTAMP, Document, RoleName
from tufline.repository.jobs._head import Head
from tufline.repository.jobs.publishing._lanes import changed_names
from tufline.repository.jobs.publishing._outside import Outside

if TYPE_CHECKING:
    from tufline.repository.publish.compliance import Outcome

_NEVER_EXPIRED: Final = datetime.fromtimestamp(0, UTC)
_FIRST_PAUSE: Final = 1.0  # seconds
_LONGEST_PAUSE: Final = 15.0


class ServesNewer(Refusal):
    """Clients get something newer than what is to be published, and would refuse this."""

    hint = (
        "see who else publishes there, and whether the publish branch was put back; bring it to"
        " the newest commit, or run online-sign, which continues above what is deployed"
    )

    def __init__(self, url: str, role: RoleName, served: int, offered: int) -> None:
        super().__init__(
            f"{url} serves {role} version {served}, and version {offered} is to be published"
        )
        self.role = role
        self.served = served
        self.offered = offered


class NotVisible(EnvironmentProblem):
    """The store holds it, and clients do not get it yet."""

    hint = (
        "see whether the URL reads from the production store, and what caches in front of it keep;"
        " the next run looks again"
    )

    def __init__(self, url: str, found: str, seconds: float) -> None:
        super().__init__(f"deployed, not visible yet: after {seconds:.0f} seconds {url} {found}")


class CachesNotTold(EnvironmentProblem):
    """All is published, and we see it; but caches could not be told, so that others may not."""

    def __init__(self, failure: PurgeFailed) -> None:
        super().__init__(f"all is published, but {failure}")
        self.hint = failure.hint


@dataclass(frozen=True, kw_only=True, slots=True)
class Visibility:
    """What was done so that clients get what the store holds.

    Attributes:
        acted: whether anything had to be done; None where no URL is set.
        not_purged: why caches could not be told, if so: we see all, others perhaps do not.
    """

    acted: bool | None
    not_purged: PurgeFailed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What clients get at the public URL.

    Attributes:
        url: the URL.
        versions: of the top-level roles, by name, as far as their signatures verify; 0 is none.
        problem: why a client stops there, None if it does not.
    """

    url: str
    versions: dict[RoleName, int]
    problem: str | None

    def differs(self, head: Head) -> str | None:
        """Return what clients meet in place of what is to be published; None if it is that."""
        if self.problem:
            return f"does not serve it: {self.problem}"
        wanted = _versions(head)
        other = [role for role in wanted if self.versions[role] != wanted[role]]
        if not other:
            return None
        found = ", ".join(f"{role} {self.versions[role]}" for role in other)
        return f"serves {found} in place of " + ", ".join(f"{r} {wanted[r]}" for r in other)


def look(head: Head, outside: Outside, *, now: datetime | None = None) -> Seen | None:
    """Return what clients get; None where no URL is set.

    Without `now` nothing counts as expired: what is there is asked for, not whether it serves.
    """
    url = head.settings.publish.url
    if url is None:
        return None
    found = outside.look(url, head, now=now or _NEVER_EXPIRED, download=now is not None)
    return Seen(url=url, versions=_as_dict(found), problem=getattr(found, "reason", None))


def expect_not_newer(seen: Seen | None, head: Head) -> None:
    """Raise `ServesNewer` if clients get something newer than the head."""
    if seen is None:
        return
    for role, offered in _versions(head).items():
        if seen.versions[role] > offered:
            raise ServesNewer(seen.url, role, seen.versions[role], offered)


def make_visible(
    head: Head,
    seen: Seen | None,
    outside: Outside,
    *,
    now: datetime,
    deployed: bool,
    root_known: int,
) -> Visibility:
    """Make sure that clients get what the store holds.

    Args:
        head: what the store holds.
        seen: what clients got before; None where no URL is set.
        outside: how to look, purge and wait.
        now: the clients' time.
        deployed: whether the store was changed, or caches may not know of a change before.
        root_known: the newest root that caches other than ours may know to be there.

    Raises:
        NotVisible: clients do not get it within the bound that is set.
    """
    if seen is None:
        return Visibility(acted=None)
    if not deployed and seen.differs(head) is None:
        return Visibility(acted=False)
    failure = _purge(head, seen, outside, root_known)
    found = _wait(head, outside, now)
    if found is not None:
        problem = NotVisible(seen.url, found, head.settings.publish.visible_within)
        if failure is not None:
            problem.add_note(str(failure))
        raise problem from failure
    return Visibility(acted=True, not_purged=failure)


def _wait(head: Head, outside: Outside, now: datetime) -> str | None:
    """Look until clients get the head, or the time is over; return what they get instead."""
    start, within = outside.clock(), head.settings.publish.visible_within
    for pause in _pauses():
        seen = look(head, outside, now=now)
        found = seen.differs(head) if seen else None
        left = within - (outside.clock() - start)
        if found is None or left <= 0:
            return found
        outside.sleep(min(pause, left))
    raise AssertionError  # the pauses do not end


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)


def _purge(head: Head, seen: Seen, outside: Outside, root_known: int) -> PurgeFailed | None:
    settings = head.settings.publish.purge
    if settings is None:
        return None
    base = seen.url if seen.url.endswith("/") else f"{seen.url}/"
    known = min(seen.versions[ROOT], root_known)
    names = changed_names(head.layout, known, _versions(head)[ROOT])
    try:
        outside.purge(settings, [f"{base}{name}" for name in names])
    except PurgeFailed as failure:
        return failure
    return None


def _versions(head: Head) -> dict[RoleName, int]:
    """Return what clients should get."""
    state = head.state
    loaded = {
        ROOT: state.root(),
        TIMESTAMP: state.timestamp(),
        SNAPSHOT: state.snapshot(),
        TARGETS: state.targets(TARGETS),
    }
    return {
        role: each.signed.version if isinstance(each, Document) else 0
        for role, each in loaded.items()
    }


def _as_dict(outcome: "Outcome") -> dict[RoleName, int]:
    return {role: getattr(outcome.versions, role) for role in (ROOT, TIMESTAMP, SNAPSHOT, TARGETS)}
