"""Every forge there is, each with the repository it is about, for the one contract of them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from tests.support.memory_forge import MemoryForge
from tests.support.memory_history import MemoryHistory
from tests.support.on_github import NAME, OnGitHub, on_github

from tufline.repository.forge import Ask, BareForge, Contribution, Forge, Task
from tufline.repository.forge.github import GitHubForge
from tufline.repository.forge.github import _records as records
from tufline.repository.history import Author, Commit, Move

WORKFLOW: Final = "on:\n  workflow_dispatch:\n    inputs:\n      event:\n        required: false\n"
_WHEN: Final = datetime(2026, 1, 2, tzinfo=UTC)
_AUTHOR: Final = Author(name="A", email="a@example.org")


class World(Protocol):
    """A forge, and what happens around it.

    `by_design` is False for a plain git server, which tells nobody, merges nothing, takes nothing
    from forks and starts no jobs: who works there sees the folder, and a timer does the rest.
    """

    by_design: bool

    @property
    def forge(self) -> Forge: ...

    def commit(self, branch: str) -> Commit:
        """Return a new commit on the branch, which begins at main."""
        ...

    def told(self) -> list[tuple[str, Ask]]:
        """Return of what people were told, in order, by event."""
        ...

    def offer(self, event: str) -> Contribution:
        """Offer one more contribution to the event."""
        ...

    def offer_again(self, offered: Contribution) -> Contribution:
        """Offer the same with a new head."""
        ...

    def declined(self, offered: Contribution) -> list[str]:
        """Return the answers that it got."""
        ...

    def propose(self) -> Contribution:
        """Propose one more change of main that is no signing event."""
        ...

    def cleared(self, proposal: Contribution) -> list[tuple[bool, str]]:
        """Return what was said of it, in order."""
        ...

    def requested(self) -> list[tuple[Task, str | None]]:
        """Return the jobs that were asked for."""
        ...


class InMemory:
    by_design = True

    def __init__(self) -> None:
        self._history = MemoryHistory()
        self.forge = MemoryForge(merges_in=self._history)
        self._count = 0

    def commit(self, branch: str) -> Commit:
        branches = self._history.branches()
        parent = branches.get(branch, branches.get("main"))
        self._count += 1
        new = self._history.write(
            tree=parent,
            changes={f"{branch}-{self._count}": b"content"},
            parents=[parent] if parent else [],
            message="m",
            author=_AUTHOR,
            when=_WHEN,
        )
        self._history.move([Move(branch=branch, old=branches.get(branch), new=new)])
        return new

    def told(self) -> list[tuple[str, Ask]]:
        return self.forge.told

    def offer(self, event: str) -> Contribution:
        self._count += 1
        ref = f"refs/pull/{self._count}/head"
        head = Commit(f"{self._count:040}")
        offered = Contribution(number=self._count, ref=ref, head=head, who="eve")
        self.forge.offered.setdefault(event, []).append(offered)
        return offered

    def offer_again(self, offered: Contribution) -> Contribution:
        for event, offers in self.forge.offered.items():
            if offered in offers:
                offers.remove(offered)
                return self.offer(event)
        raise LookupError(offered)

    def declined(self, offered: Contribution) -> list[str]:
        answer = self.forge.declined.get(offered.number)
        return [answer[1]] if answer else []

    def propose(self) -> Contribution:
        self._count += 1
        ref, head = f"refs/pull/{self._count}/head", self.commit(f"other-{self._count}")
        proposal = Contribution(number=self._count, ref=ref, head=head, who="eve")
        self.forge.proposed.append(proposal)
        return proposal

    def cleared(self, proposal: Contribution) -> list[tuple[bool, str]]:
        said = self.forge.cleared.get(proposal.head)
        return [said] if said else []

    def requested(self) -> list[tuple[Task, str | None]]:
        return self.forge.requested


class OnPlainServer:
    by_design = False

    def __init__(self, folder: Path) -> None:
        self.forge = BareForge(folder)
        self._count = 0

    def commit(self, branch: str) -> Commit:  # noqa: ARG002 - it knows nothing of commits
        self._count += 1
        return Commit(f"{self._count:040}")

    def told(self) -> list[tuple[str, Ask]]:
        return []

    def offer(self, event: str) -> Contribution:  # noqa: ARG002 - nobody can
        return Contribution(number=1, ref="refs/pull/1/head", head=Commit("1" * 40), who="eve")

    def offer_again(self, offered: Contribution) -> Contribution:
        return offered

    def declined(self, offered: Contribution) -> list[str]:  # noqa: ARG002 - nobody is answered
        return []

    def propose(self) -> Contribution:
        return self.offer("main")

    def cleared(self, proposal: Contribution) -> list[tuple[bool, str]]:  # noqa: ARG002 - as above
        return []

    def requested(self) -> list[tuple[Task, str | None]]:
        return []


class OnEmulatedGitHub:
    by_design = True

    def __init__(self, github: OnGitHub) -> None:
        self._github = github
        self.forge = GitHubForge(github.session())
        self._count = 0
        github.commit("main", {f".github/workflows/{task}.yml": WORKFLOW for task in Task})
        github.hub.fork(NAME, "eve")

    def commit(self, branch: str) -> Commit:
        self._count += 1
        return self._github.commit(branch, {f"{branch}-{self._count}": "content"})

    def told(self) -> list[tuple[str, Ask]]:
        return [
            (issue.pull.head, ask)
            for issue in self._github.repository.issues.values()
            for comment in issue.comments
            if issue.pull and isinstance(found := records.read(comment.body), records.Telling)
            for ask in sorted(found.asks)
        ]

    def offer(self, event: str) -> Contribution:
        self._count += 1
        branch = f"offer-{self._count}"
        head = self._github.commit(branch, {branch: "content"}, repository="eve/tuf")
        number = self._github.pull(branch, base=event, login="eve")
        return Contribution(number=number, ref=f"refs/pull/{number}/head", head=head, who="eve")

    def offer_again(self, offered: Contribution) -> Contribution:
        pull = self._github.repository.issues[offered.number].pull
        assert pull
        head = self._github.commit(pull.head, {"again": "content"}, repository="eve/tuf")
        return Contribution(number=offered.number, ref=offered.ref, head=head, who="eve")

    def declined(self, offered: Contribution) -> list[str]:
        comments = self._github.repository.issues[offered.number].comments
        return [comment.body.partition("-->\n")[2] for comment in comments]

    def propose(self) -> Contribution:
        return self.offer("main")

    def cleared(self, proposal: Contribution) -> list[tuple[bool, str]]:
        return [
            (each.state == "success", each.description or "")
            for each in self._github.repository.statuses
            if (each.sha, each.context) == (proposal.head, "signing-event")
        ]

    def requested(self) -> list[tuple[Task, str | None]]:
        return [
            (Task(Path(event.payload["workflow"]).stem), event.payload["inputs"].get("event"))
            for event in self._github.hub.events
            if event.name == "workflow_dispatch"
        ]


WORLDS: Final = ("memory", "bare", "github")


@contextmanager
def world_of(kind: str, folder: Path) -> Iterator[World]:
    """Open a forge with nothing in it."""
    if kind == "memory":
        yield InMemory()
    elif kind == "bare":
        yield OnPlainServer(folder / "bare")
    else:
        with on_github(folder / "github") as github:
            yield OnEmulatedGitHub(github)
