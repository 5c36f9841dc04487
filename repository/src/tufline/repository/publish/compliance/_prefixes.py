"""The property of a transition: wherever its uploads stop, every client goes on.

Three kinds of clients are tried after every single upload, for every root that is there to be held:
one installed just now, one that refreshed after each upload so far, and one that last refreshed
before the first. As soon as one client is served, all must be, and trust the same; none may go
backwards; in the end all are served.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from tufline.repository.publish._layout import Layout
from tufline.repository.publish._uploads import Upload
from tufline.repository.publish.compliance._client import Accepted, Client, Outcome, Rejected
from tufline.repository.publish.compliance._remote import mapping_remote


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A client that could not go on.

    Attributes:
        uploads: how many uploads were done when it happened.
        last: the name uploaded last, None before the first.
        client: which client.
        reason: what went wrong.
    """

    uploads: int
    last: str | None
    client: str
    reason: str


def check_prefixes(
    start: Mapping[str, bytes],
    uploads: Iterable[tuple[Upload, bytes]],
    *,
    layout: Layout,
    now: datetime,
    artifacts: Sequence[str] = (),
    emergency: bool = False,
) -> tuple[Violation, ...]:
    """Try every prefix of `uploads` with real clients; return what went wrong.

    Args:
        start: what is deployed, by name.
        uploads: a transition, with bytes.
        layout: where files lie.
        now: the clients' time (UTC).
        artifacts: what each client asks for, whichever state it is at. What is listed for it then
            must be there to download.
        emergency: whether clients may stop until the last upload.
    """
    with TemporaryDirectory(prefix="tufline-clients-") as home:
        fleet = _Fleet(Path(home), dict(start), layout, now, artifacts)
        violations = list(fleet.visit(None, may_stop=emergency))
        fleet.fall_asleep()
        last = None
        for upload, data in uploads:
            last = upload.name
            fleet.upload(last, data)
            violations += fleet.visit(last, may_stop=emergency)
        violations += fleet.visit(last, at_end=True)
        return tuple(violations)


@dataclass(slots=True)
class _Fleet:
    """Clients of every kind and root in folders below `home`, and the files they are served."""

    home: Path
    files: dict[str, bytes]
    layout: Layout
    now: datetime
    artifacts: Sequence[str]
    uploads: int = 0
    served: bool = False
    folders: Iterator[int] = field(default_factory=count)

    def upload(self, name: str, data: bytes) -> None:
        """Serve one file more."""
        self.files[name] = data
        self.uploads += 1

    def fall_asleep(self) -> None:
        """Keep the clients as they are now, to wake copies of them later."""
        for version in self._roots():
            shutil.copytree(self._follower(version), self._sleeper(version), symlinks=True)

    def visit(
        self, last: str | None, *, may_stop: bool = False, at_end: bool = False
    ) -> Iterator[Violation]:
        """Let every client refresh once; yield what went wrong."""
        outcomes = []
        for name, version, folder in self._clients():
            client = Client(folder, self.files[self.layout.root(version)])
            earlier = client.versions
            remote = mapping_remote(self.files, self.layout)
            outcome = client.refresh(remote, now=self.now, artifacts=self.artifacts)
            outcomes.append((name, outcome))
            for role in outcome.versions.lower_than(earlier):
                yield self._violation(last, name, f"{role} went backwards")
        self.served |= any(isinstance(outcome, Accepted) for _, outcome in outcomes)
        must_go_on = at_end or (self.served and not may_stop)
        for name, reason in _faults(outcomes, must_go_on=must_go_on):
            yield self._violation(last, name, reason)

    def _violation(self, last: str | None, client: str, reason: str) -> Violation:
        return Violation(uploads=self.uploads, last=last, client=client, reason=reason)

    def _clients(self) -> Iterator[tuple[str, int, Path]]:
        """Yield each client: what it is, the root it was installed with, its folder."""
        for version in self._roots():
            yield f"new client with root {version}", version, self._new_folder()
            yield f"following client with root {version}", version, self._follower(version)
            if self._sleeper(version).exists():
                folder = self._new_folder()
                shutil.copytree(self._sleeper(version), folder, symlinks=True)
                yield f"late client with root {version}", version, folder

    def _roots(self) -> tuple[int, ...]:
        """Return the roots that are there to be held."""
        versions = count(self.layout.oldest_root)
        return tuple(takewhile(lambda version: self.layout.root(version) in self.files, versions))

    def _new_folder(self) -> Path:
        return self.home / f"client-{next(self.folders)}"

    def _follower(self, version: int) -> Path:
        return self.home / f"following-{version}"

    def _sleeper(self, version: int) -> Path:
        return self.home / f"asleep-{version}"


def _faults(
    outcomes: Sequence[tuple[str, Outcome]], *, must_go_on: bool
) -> Iterator[tuple[str, str]]:
    """Yield which clients stopped, or trust something else than the first one served."""
    accepted = [outcome.versions for _, outcome in outcomes if isinstance(outcome, Accepted)]
    for name, outcome in outcomes:
        if isinstance(outcome, Rejected):
            if must_go_on:
                yield name, outcome.reason
        elif outcome.versions != accepted[0]:
            yield name, f"trusts {outcome.versions}, but a new client trusts {accepted[0]}"
