"""The error where too few online keys could be used, and what clients have meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tufline.online_sign._run import FailedKey
from tufline.repository.errors import EnvironmentProblem
from tufline.repository.format import SNAPSHOT, TIMESTAMP, Document, RoleName
from tufline.repository.review import SignedDocument
from tufline.repository.state import State, Unreadable


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A version of a role that clients can get, and when it ends (UTC)."""

    role: RoleName
    version: int
    expires: datetime

    def __str__(self) -> str:
        return f"{self.role} {self.version}"


class NotSigned(EnvironmentProblem):
    """Too few online keys could be used for a role, so no new version of it was kept.

    Attributes:
        role: the role.
        failed: every online key that failed in this run.
        held: what clients can get as it is.
    """

    hint = (
        "mend one of these keys and run again, or give the role another key in a signing event;"
        " docs/online-signing.md tells what each reason means"
    )

    def __init__(
        self,
        role: RoleName,
        failed: tuple[FailedKey, ...],
        *,
        held: tuple[Held, ...] = (),
        now: datetime | None = None,
    ) -> None:
        keys = "; ".join(map(str, failed)) or "its threshold is above the number of its keys"
        until = f"; {_until(held, now)}" if now else ""
        super().__init__(f"{role} could not be signed by its online keys: {keys}{until}")
        self.role = role
        self.failed = failed
        self.held = held


def held_online(published: State | None) -> tuple[Held, ...]:
    """Return what clients hold of snapshot and timestamp."""
    if published is None:
        return ()
    return held({TIMESTAMP: published.timestamp(), SNAPSHOT: published.snapshot()})


def held(roles: Mapping[RoleName, SignedDocument | Unreadable | None]) -> tuple[Held, ...]:
    """Return what is held of these roles, the first to end first."""
    found = (
        Held(role=role, version=each.signed.version, expires=each.signed.expires)
        for role, each in roles.items()
        if isinstance(each, Document)
    )
    return tuple(sorted(found, key=lambda each: each.expires))


def _until(found: tuple[Held, ...], now: datetime) -> str:
    """Say until when clients go on, and with what."""
    if not found:
        return "nothing was published before"
    first, *others = found
    end = _time(first.expires)
    text = f"clients go on until {end} with {first}"
    if first.expires <= now:
        text = f"clients have had nothing valid since {end}, when {first} expired"
    rest = ", ".join(f"{each} is valid until {_time(each.expires)}" for each in others)
    return f"{text} ({rest})" if rest else text


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
