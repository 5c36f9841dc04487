"""The stage of a rehearsal: server, people, sites and a user, all in one folder."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from tufline.repository.jobs import PUBLISH
from tufline.repository.publish.compliance import listed_artifacts
from tufline.repository.rehearsal._people import Person, welcome
from tufline.repository.rehearsal._screen import Log, expect
from tufline.repository.rehearsal._server import Server, make_server
from tufline.repository.rehearsal._user import User
from tufline.repository.rehearsal._web import Site, serve
from tufline.repository.review import Review
from tufline.repository.site import PAGE

LOG_FILE: Final = "log.txt"
REPOSITORY_PAGE: Final = f"production/{PAGE}"
EVENT_PAGE: Final = "last-event.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceremony:
    """What all steps share. A step finds in it what the steps before have left.

    Attributes:
        folder: where everything lies.
        people: who has been welcomed, by name.
    """

    folder: Path
    log: Log
    server: Server
    staging: Site
    production: Site
    user: User
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The rehearsal's time."""
        return self.server.machine.clock.now

    def pass_time(self, distance: timedelta) -> None:
        """Let time pass for everybody."""
        self.server.machine.clock.forward(distance)

    def welcome(self, *names: str) -> None:
        """Give people a machine, a token and a clone each, all at the same time."""
        with ThreadPoolExecutor() as pool:
            found = pool.map(partial(welcome, self.server, self.folder), names)
        self.people.update(zip(names, found, strict=True))

    def verdict(self, event: str, expected: str) -> Review:
        """Judge an event on the server; raise `NotAsExpected` if the verdict is another."""
        review = self.server.review(event)
        errors = "; ".join(map(str, review.errors))
        expect(
            review.verdict.word == expected,
            f"{event} is {review.verdict.word}, not {expected}: {errors or review.verdict}",
        )
        return review

    def everything_served(self) -> str:
        """Let the user get every artifact from production; return how far the client is."""
        with self.server.state(PUBLISH) as state:
            artifacts = listed_artifacts(state)
            for artifact in artifacts:
                data = self.user.gets(artifact, self.production, now=self.now)
                expect(data == state.read(f"targets/{artifact}"), f"{artifact} is not as accepted")
        trusts = self.user.trusts
        count = f"{len(artifacts)} of {len(artifacts)} artifacts"
        return f"root {trusts.root}, timestamp {trusts.timestamp}, {count}"


@contextmanager
def set_stage(folder: Path, *, now: datetime) -> Iterator[Ceremony]:
    """Give a stage in an empty folder. Its sites are served until it is left."""
    log = Log(folder / LOG_FILE)
    server = make_server(folder, now, log)
    user = User(home=folder / "client")
    with serve(folder / "staging") as staging, serve(folder / "production") as production:
        yield Ceremony(
            folder=folder,
            log=log,
            server=server,
            staging=staging,
            production=production,
            user=user,
        )
