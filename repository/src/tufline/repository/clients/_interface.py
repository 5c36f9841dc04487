"""What clients are, what they are tried on, and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from tufline.repository.format import RoleName


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """A published repository as clients reach it over HTTP.

    Attributes:
        metadata_url, artifacts_url: the two base URLs of a client; each ends with "/".
        roots: the published bytes of each root that clients may hold, by version.
    """

    metadata_url: str
    artifacts_url: str
    roots: Mapping[int, bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """An artifact to download.

    Attributes:
        path: its path as a TUF target.
        role: who lists it.
        hashes: by algorithm ("sha256"), in hex, as metadata lists them; what a client downloads is
            held against those that we can compute. Empty: only looked whether it is there.
    """

    path: str
    role: RoleName
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """A program that speaks the command line of tuf-conformance: init, refresh, download.

    Attributes:
        name: what people call it.
        command: the program, and arguments that come before all others.
        inside: whether it is our own client, which is then run in this process.
        takes_time: whether it goes by the time in `TUFLINE_CLIENT_NOW`, as ours do. Others see
            another time than the clock's only under `faketime`.
        folders: whether it finds artifacts that lie in folders, under the name that section 3.3 of
            the specification gives them. Where it does not, it is not asked for these.
    """

    name: str
    command: tuple[str, ...]
    inside: bool = False
    takes_time: bool = False
    folders: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The client refreshed, and downloaded what it was asked for.

    `untried` are the artifacts that it was not asked for, because it could not find them anywhere.
    """

    untried: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """The client ran, and refuses the repository. `said` is what it printed, shortened."""

    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Inconclusive:
    """The client could not be started, or did not end: that says nothing of the repository."""

    why: str


Verdict: TypeAlias = Accepted | Rejected | Inconclusive


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One client from one start.

    Attributes:
        client: its name.
        start: what it trusted before. "new": the oldest of the roots, as one installed now;
            "root 3": a later one; "published": what it got from the published deployment.
    """

    client: str
    start: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """What all clients say, each from each start."""

    trials: tuple[Trial, ...]

    @property
    def rejected(self) -> tuple[Trial, ...]:
        """The trials in which a client refused the repository."""
        return tuple(each for each in self.trials if isinstance(each.verdict, Rejected))

    @property
    def inconclusive(self) -> tuple[Trial, ...]:
        """The trials that say nothing."""
        return tuple(each for each in self.trials if isinstance(each.verdict, Inconclusive))

    @property
    def accepted(self) -> bool:
        """Whether at least one client accepts, and none refuses."""
        some = any(isinstance(each.verdict, Accepted) for each in self.trials)
        return some and not self.rejected


class TryClients(Protocol):
    """Lets clients update from a deployment."""

    def __call__(
        self,
        deployment: Deployment,
        *,
        published: Deployment | None,
        wanted: Sequence[Wanted],
        now: datetime,
    ) -> Matrix:
        """Try each client as new, with each of the roots, and after it got `published`.

        A client that does not get on with a sound repository, made here and served on loopback,
        does not work on this machine: all its trials are inconclusive, whatever it says. Never
        raises for what a client does: that is a verdict.

        Args:
            deployment: what is tried.
            published: what clients have got so far, where they have.
            wanted: what to download from `deployment`.
            now: the clients' time (UTC).
        """
        ...
