"""The facts of a repository in which much goes on, and of one with thousands of roles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tufline.repository.format import RoleName
from tufline.repository.status import EventFacts, Forecast, RepositoryFacts, RoleFacts

NOW: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PEOPLE: Final = ("@alice", "@bob", "@carol", "@dmitri", "@erin")
KMS: Final = "gcpkms:projects/example/locations/global/keyRings/tuf/cryptoKeys/online/versions/1"
TALK: Final = "https://forge.example/project/root-signing/pull/"


def days(number: float) -> timedelta:
    return timedelta(days=number)


def role(
    name: str, *, life: tuple[float, float, float], online: bool = False, **more: object
) -> RoleFacts:
    """Return a role; `life` is days from now: issued, signing starts, expires."""
    issued, starts, expires = (NOW + days(each) for each in life)
    plain = RoleFacts(
        name=RoleName(name),
        version=4,
        issued=issued,
        signing_starts=starts,
        expires=expires,
        threshold=1,
        signers=(KMS,) if online else ("@alice",),
        online=online,
    )
    return replace(plain, **more)  # type: ignore[arg-type] # the caller's types are right


def below(*names: str) -> tuple[RoleName, ...]:
    return tuple(RoleName(name) for name in names)


def event(
    title: str,
    number: int,
    *,
    steps: tuple[float, float | None, float],
    roles: str = "targets",
) -> EventFacts:
    """Return an event; `steps` are days before now: began, ready, merged."""
    began, ready, merged = steps
    return EventFacts(
        title=title,
        roles=below(*roles.split()),
        began=NOW - days(began),
        ready=None if ready is None else NOW - days(ready),
        merged=NOW - days(merged),
        url=f"{TALK}{number}",
    )


def forecast(name: str, margin: float, expected: float | None, spare: float | None) -> Forecast:
    return Forecast(
        role=RoleName(name),
        margin=days(margin),
        expected=None if expected is None else days(expected),
        spare=None if spare is None else days(spare),
    )


ROLES: Final = (
    role("root", life=(-92, 30, 90), version=14, threshold=3, signers=PEOPLE),
    role(
        "targets", life=(-160, -12, 23.2), version=31, threshold=3, signers=PEOPLE, artifacts=9
    ),
    role("snapshot", life=(-3, 11, 18), version=208, online=True),
    role("timestamp", life=(-0.5, 3.5, 6.5), version=1931, online=True),
    role(
        "npm.example.org", life=(-300, 5, 65), version=7, threshold=2,
        signers=("@npm-keys", "@npm-ops", "@erin"), delegators=below("targets"), artifacts=2,
    ),
    role(
        "pypi.example", life=(-180, -20, 14), threshold=2, signers=("@pypi-1", "@pypi-2"),
        delegators=below("targets"), artifacts=118,
    ),
    role(
        "crates.example", life=(-200, -75, -15), signers=("@ferris",), delegators=below("targets"),
        artifacts=0,
    ),
    role(
        "attestation-service-production-keys", life=(-40, 110, 140), threshold=2,
        signers=("@ops-1", "@ops-2", "@ops-3"), delegators=below("pypi.example"), artifacts=3,
    ),
    role("nightly", life=(-1, 4, 6), online=True, delegators=below("pypi.example"), artifacts=1400),
    role(
        "trusted-publishers", life=(-30, 200, 260), signers=("@npm-ops",),
        delegators=below("npm.example.org", "pypi.example"), artifacts=12,
    ),
    role(
        "revoked", life=(-10, 320, 355), signers=("@npm-keys",),
        delegators=below("trusted-publishers"),
    ),
)  # fmt: skip

FACTS: Final = RepositoryFacts(
    title="Example root-signing",
    now=NOW,
    commit="3f9c2a7b5d1e48f60a9b7c3d2e1f405162738495",
    url="https://forge.example/project/root-signing",
    roles=ROLES,
    events=(
        event("Rotate the key of the second log", 412, steps=(9.5, 3.2, 3.1)),
        event("New keys for npm.example.org", 407, steps=(31, 27.5, 27),
              roles="npm.example.org"),
        event("Renew snapshot's and timestamp's key, and let @erin sign root and targets", 398,
              steps=(112, 94, 92), roles="root targets"),
        event("pypi.example: add attestation-service-production-keys", 391,
              steps=(120.4, 120.1, 120),
              roles="pypi.example attestation-service-production-keys"),
        event("Scheduled renewal of crates.example", 377, steps=(203, 200.6, 200),
              roles="crates.example"),
        event("Import the history from before", 1, steps=(300, None, 299.8), roles="root targets"),
    ),
    forecasts=(
        forecast("root", 90, 18, 40), forecast("targets", 23.2, 6.4, 3.2),
        forecast("npm.example.org", 65, 4, 55), forecast("pypi.example", 14, 9, -4.5),
        forecast("trusted-publishers", 260, None, None),
    ),
)  # fmt: skip


def crowd(number: int) -> RepositoryFacts:
    """Return a repository with so many delegated roles."""
    many = tuple(
        role(f"team-{each}", life=(-100, 20 + each % 50, 60 + each % 50), signers=PEOPLE[:3],
             delegators=below("targets" if each < number // 2 else f"team-{each - number // 2}"))
        for each in range(number)
    )  # fmt: skip
    return replace(FACTS, roles=(*ROLES[:4], *many))
