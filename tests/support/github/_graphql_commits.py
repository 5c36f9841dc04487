"""A commit as GraphQL shows it: who wrote it, and its statuses."""

from dataclasses import dataclass

from tests.support.github import _objects
from tests.support.github._graphql_parts import Commit
from tests.support.github._graphql_people import Actor, Viewer
from tests.support.github._state import Repository
from tests.support.github._state import Status as StatusRecord

_ADDRESS = "@users.noreply.invalid"  # as `Hub.push` writes it


@dataclass(frozen=True, slots=True)
class GitActor:
    """Who a commit names. `user` is whose address it is; bots are no users."""

    user: Actor | None


@dataclass(frozen=True, slots=True)
class StatusContext:
    record: StatusRecord

    @property
    def state(self) -> str:
        return self.record.state.upper()

    @property
    def description(self) -> str | None:
        return self.record.description

    @property
    def target_url(self) -> str | None:
        return self.record.target_url


@dataclass(frozen=True, slots=True)
class StatusView:
    """The newest status of each context."""

    records: list[StatusRecord]

    def context(self, name: str) -> StatusContext | None:
        found = [record for record in self.records if record.context == name]
        return StatusContext(found[-1]) if found else None


@dataclass(frozen=True, slots=True)
class CommitView(Commit):
    viewer: Viewer
    home: Repository

    @property
    def author(self) -> GitActor:
        printed = _objects.git(self.home.git_dir, "show", "--no-patch", "--format=%ae", self.oid)
        login = printed.removesuffix(_ADDRESS) if printed.endswith(_ADDRESS) else None
        actor = self.viewer.actor(login)
        return GitActor(actor if actor and actor.typename == "User" else None)

    @property
    def status(self) -> StatusView | None:
        self.viewer.demand(self.home, "statuses", "read")
        records = [one for one in self.home.statuses if one.sha == self.oid]
        return StatusView(records) if records else None
