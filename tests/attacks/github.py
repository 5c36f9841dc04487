"""A TUF repository on the emulated GitHub, with people who push and jobs that run: all of it real.

with tuf_on_github(tmp_path) as world:
    world.push("sign/change", event.files)                 # somebody's commit on main's head
    world.run(lambda place: signing_event(place, "sign/change"))

Jobs run as in a workflow: in a clone that has nothing yet, with a token that Actions would give.
"""

import copy
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from tests.support.forges import WORKFLOW
from tests.support.github import Protection, serve
from tests.support.github._state import Issue
from tests.support.on_github import GRANTED, NAME, OnGitHub
from tests.support.pipeline import PERSON
from tests.support.sample import NOW, Sample

from tufline.repository.forge import Task
from tufline.repository.forge.github import GitHubForge, Session
from tufline.repository.history import Commit, Move, open_history
from tufline.repository.jobs.place import Place

T = TypeVar("T")

EVENT: Final = "sign/change"
SIGNERS: Final = ("alice", "bob", "carol", "dave")
_CLOCK: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@cache
def _first_sample() -> Sample:
    sample = Sample()
    for task in Task:
        sample.files[f".github/workflows/{task}.yml"] = WORKFLOW.encode()
    return sample


def first_main(settings: str = "") -> Sample:
    """Return what main holds first: the same, with all signatures, whenever it is asked for."""
    sample = _first_sample().copy()
    sample.files["tufline.toml"] = settings.encode()
    return sample


@dataclass(kw_only=True)
class World:
    """GitHub, and what people and jobs do there. `main` is what main was given last."""

    github: OnGitHub
    folder: Path
    main: Sample
    now: datetime = NOW
    token: str = ""
    _clones: "count[int]" = field(default_factory=count)

    # what people do

    def push(
        self,
        branch: str,
        files: Mapping[str, bytes | None],
        *,
        onto: str = "main",
        message: str = "Change",
        login: str = "octo",
        repository: str = NAME,
        merging: Iterable[str] = (),
    ) -> Commit:
        """Commit the files (None: removed) to the branch, or to a new one that begins at `onto`."""
        home = self.github.hub.repositories[repository]
        with open_history(home.git_dir) as history:
            old = history.branches(branch).get(branch)
            base = old or (history.resolve(onto) if history.branches() else None)
            commit = history.write(
                tree=base,
                changes=files,
                parents=[*([base] if base else []), *map(history.resolve, merging)],
                message=message,
                author=PERSON,
                when=self.now,
            )
            history.move([Move(branch=branch, old=old, new=commit)])
        self.github.hub.pushed(home, login, "personal", {branch: (old, commit)})
        return commit

    def merge_by_force(self, main: Sample) -> Commit:
        """Put anything on main."""
        self.main = main
        return self.push("main", main.files)

    def offer(self, login: str, files: Mapping[str, bytes | None], event: str = EVENT) -> int:
        """Offer a commit on the event's head from a new fork; return the pull request's number."""
        fork = self.github.hub.fork(NAME, login).full_name
        self.push("offer", files, onto=event, repository=fork, login=login)
        return self.github.pull("offer", base=event, login=login)

    # what jobs do

    def run(self, job: Callable[[Place], T], *, session: Session | None = None) -> T:
        """Run a job as a workflow does."""
        with self.place(session=session) as place:
            return job(place)

    @contextmanager
    def place(
        self, *, session: Session | None = None, clone: Path | None = None
    ) -> Iterator[Place]:
        """Open what a job works with, in a new clone if there is none."""
        session = session or self.session()
        clone = clone or self.clone()
        with (
            closing(session),
            open_history(
                clone, pull_remote="origin", push_remote="origin", token=session.http_token
            ) as history,
        ):
            yield Place(history=history, forge=GitHubForge(session), now=self.now)

    def session(self) -> Session:
        return self.github.session_of(self.token)

    def clone(self) -> Path:
        """Return a new clone that has not fetched yet."""
        clone = self.folder / "clones" / str(next(self._clones))
        git(None, "init", "--quiet", str(clone))
        git(clone, "remote", "add", "origin", f"{self.github.hub.url}/{NAME}.git")
        return clone

    # what there is to see

    def head(self, branch: str) -> str | None:
        with open_history(self.github.repository.git_dir) as history:
            return history.branches(branch).get(branch)

    def files(self, branch: str) -> dict[str, bytes]:
        with open_history(self.github.repository.git_dir) as history:
            files = history.files(history.resolve(branch))
            return {entry.path: data for entry, data in files.read_many(files.below(""))}

    def sample(self, branch: str) -> Sample:
        """Return what the branch holds, for somebody to change."""
        sample = self.main.copy()
        sample.files = self.files(branch)
        return sample

    def pull(self, branch: str = EVENT) -> Issue:
        """Return the one pull request from this repository's branch into main."""
        (found,) = (
            issue
            for issue in self.github.repository.issues.values()
            if issue.pull and (issue.pull.head_repository, issue.pull.head) == (NAME, branch)
        )
        return found

    def state(self, branch: str = EVENT) -> str | None:
        """Return the commit status of the branch's head."""
        head = self.head(branch)
        states = [each.state for each in self.github.repository.statuses if each.sha == head]
        return states[-1] if states else None

    def dispatched(self) -> set[tuple[str, str, str | None]]:
        """Return the jobs that were asked for: workflow, branch and event."""
        return {
            (Path(each.payload["workflow"]).stem, each.ref, each.payload["inputs"].get("event"))
            for each in self.github.hub.events
            if each.name == "workflow_dispatch"
        }

    # the same again

    def save(self) -> Callable[[], None]:
        """Return what brings GitHub back to how it is now; requests stay in the log."""
        hub, kept = self.github.hub, self.folder / "kept"
        shutil.copytree(hub.folder / "git", kept)
        names = ("users", "repositories", "tokens", "events", "last_id")
        saved = copy.deepcopy({name: getattr(hub, name) for name in names})

        def restore() -> None:
            shutil.rmtree(hub.folder / "git")
            shutil.copytree(kept, hub.folder / "git")
            for name, value in copy.deepcopy(saved).items():
                setattr(hub, name, value)
            hub.faults.faults.clear()
            self.github.repository = hub.repositories[NAME]

        return restore


@contextmanager
def tuf_on_github(folder: Path, main: Sample | None = None) -> Iterator[World]:
    """Serve a hub whose main holds the sample, protected as the documentation wants it.

    Its clock stands still, so that what happens twice gives the same commits.
    """
    main = main or first_main()
    with serve(folder / "hub", now=lambda: _CLOCK) as hub:
        repository = hub.add_repository(NAME, collaborators={"alice": "write", "bob": "write"})
        for login in SIGNERS:
            hub.add_user(login)
        github = OnGitHub(hub=hub, repository=repository)
        world = World(github=github, folder=folder, main=main)
        world.push("main", main.files)
        repository.protections["main"] = Protection(checks=("signing-event",), reviews=0)
        world.token = hub.token("octo", repository=NAME, permissions=GRANTED, kind="actions")
        hub.events.clear()
        try:
            yield world
        finally:
            github.close()


def git(folder: Path | None, *arguments: str, data: bytes = b"", **env: str) -> str:
    """Return what git prints."""
    place = ["-C", str(folder)] if folder else []
    done = subprocess.run(
        ["git", *place, *arguments], input=data, capture_output=True, check=False, env=_env(env)
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def _env(more: Mapping[str, str]) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        **more,
    }


def changed_artifact(main: Sample, data: bytes = b"two\n") -> Sample:
    """Return an event with a changed artifact whose metadata everybody signed."""
    event = main.copy()
    event.put("file.txt", data)
    return event


def unsigned_change(main: Sample) -> Sample:
    """Return an event that nobody has signed yet."""
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), [])
    return event
