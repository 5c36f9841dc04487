"""The stage of a rehearsal on GitHub: people with machines and tokens, and workflows in between.

    with set_stage(folder, tools) as ceremony:
        for outcome in play(ceremony, SCENARIO):
            ...

The steps are those of `tufline.repository.rehearsal`. Whatever somebody does there, workflows that
it starts are run to their end before the next thing happens.
"""

import hashlib
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from github import Auth, Github, GithubException
from github.PullRequest import PullRequest
from github.Repository import Repository
from tests.support.act import Grant, JobRun, Runner, Tools
from tests.support.github import Hub, Protection, serve

from tufline.repository.format import historic_root_path
from tufline.repository.rehearsal import (
    LOG_FILE,
    Ceremony,
    Clock,
    Log,
    Machine,
    Screen,
    Server,
    Site,
    User,
)

NAME: Final = "octo/tuf"
OWNER: Final = "octo"
MAINTAINER: Final = "alice"
_PEOPLE: Final = {"alice": "maintain", "bob": "write", "carol": "write", "mallory": "write"}
ONLINE_SIGN: Final = "online-sign.yml/online-sign"


@dataclass(kw_only=True, slots=True)
class Workflows:
    """What GitHub runs. `failing` are the jobs that should fail when it does so next."""

    runner: Runner
    failing: set[str] = field(default_factory=set)

    def settle(self) -> Sequence[JobRun]:
        """Let GitHub do what is to be done."""
        if not self.runner.hub.events:
            return ()
        failing, self.failing = self.failing, set()
        return self.runner.settle(failing=failing)


@dataclass(frozen=True, kw_only=True)
class OnlineMachine(Machine):
    """Somebody's computer; GitHub does what a command of theirs sets off, before the next one."""

    workflows: Workflows

    def _run(self, *command: str, code: int) -> Screen:
        screen = super()._run(*command, code=code)
        self.workflows.settle()
        return screen


@dataclass(frozen=True, kw_only=True)
class GitHubServer(Server):
    """GitHub in place of the bare server: the timer and the operator act by its API."""

    hub: Hub
    workflows: Workflows
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.hub.url}/{NAME}"

    def clone_options(self, name: str) -> Sequence[str]:
        secret = b64encode(f"x-access-token:{self.token(name)}".encode()).decode()
        return ("--config", f"http.{self.hub.url}/.extraheader=Authorization: basic {secret}")

    def token(self, name: str) -> str:
        """Return somebody's own token."""
        login = name.removeprefix("@")
        return self.tokens.setdefault(login, self.hub.token(login))

    @contextmanager
    def api(self, name: str) -> Iterator[Repository]:
        """Give the repository as somebody reaches it by the API."""
        with Github(base_url=self.hub.api_url, auth=Auth.Token(self.token(name))) as github:
            yield github.get_repo(NAME)

    def set_up(self) -> None:
        """Protect main, and let only publish deploy, as docs/maintainer.md says."""
        repository = self.hub.repositories[NAME]
        repository.protections["main"] = Protection(checks=("signing-event",), reviews=0)
        repository.protections["publish"] = Protection()
        self.hub.add_environment(NAME, "github-pages", branches=("publish",))

    def tick(self, *options: str, code: int = 0) -> Screen:
        """Let the time come at which scheduled workflows run."""
        del options, code
        failing, self.workflows.failing = self.workflows.failing, set()
        return self._shown("the timer", self.workflows.runner.tick(NAME, failing=failing))

    def job(self, *arguments: str, code: int = 0) -> Screen:
        """Do by the API what the command does on a server of one's own."""
        match arguments:
            case ("ci", "online-sign"):
                return self.dispatch("online-sign.yml", "main", failing=[ONLINE_SIGN] * bool(code))
            case ("ci", "publish"):
                return self.dispatch("publish.yml", "publish")
            case ("merge", event):
                return self._refused(event)
        raise NotImplementedError(" ".join(arguments))

    def dispatch(
        self, workflow: str, ref: str, *, failing: Collection[str] = (), **inputs: str
    ) -> Screen:
        """Press the button that runs a workflow."""
        self.workflows.settle()
        self.workflows.failing = set(failing)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        with self.api(MAINTAINER) as repository:
            assert repository.get_workflow(workflow).create_dispatch(ref, given)
        return self._shown(f"dispatch {workflow}", self.workflows.settle())

    def merge(self, event: str) -> None:
        """Press the button of the event's pull request; what this starts is not run yet."""
        with self.api(MAINTAINER) as repository:
            assert self.pull(repository, event).merge().merged

    def pull(self, repository: Repository, event: str) -> PullRequest:
        """Return the one open pull request of an event."""
        (pull,) = repository.get_pulls(state="open", head=f"{OWNER}:{event}", base="main")
        return pull

    def _refused(self, event: str) -> Screen:
        with self.api(MAINTAINER) as repository:
            try:
                self.pull(repository, event).merge()
            except GithubException as error:
                text = f"{event} is refused: {error.data}"
                return Screen(who="server", command=f"merge {event}", code=1, text=text)
        raise AssertionError(f"{event} was merged")

    def problems(self) -> Mapping[str, str]:
        """Return what is open in the list of issues."""
        with self.hub.lock:
            issues = self.hub.repositories[NAME].issues.values()
            shown = [each for each in issues if each.state == "open" and not each.pull]
        return {each.title: each.body or "" for each in shown}

    def root_digest(self) -> str:
        """Return what a person confirms on the first run."""
        with self.state("main") as main:
            return hashlib.sha256(main.read(historic_root_path(1)) or b"").hexdigest()

    def _shown(self, command: str, runs: Sequence[JobRun]) -> Screen:
        text = "\n".join(str(run) for run in runs)
        screen = Screen(who="server", command=command, code=0, text=text)
        self.machine.log.add(screen)
        return screen


@contextmanager
def set_stage(folder: Path, tools: Tools) -> Iterator[Ceremony]:
    """Give a stage in an empty folder, with a repository on GitHub that nothing was pushed to."""
    log = Log(folder / LOG_FILE)
    clock = Clock(now=datetime.now(UTC).replace(microsecond=0), file=folder / "now")
    with serve(folder / "hub", now=lambda: clock.now) as hub:
        server = _make_server(hub, folder, tools, clock, log)
        pages = Site(folder=folder / "pages", url=hub.set_pages(NAME, folder / "pages"))
        pages.folder.mkdir()
        yield Ceremony(
            folder=folder,
            log=log,
            server=server,
            staging=pages,
            production=pages,
            user=User(home=folder / "client"),
        )


def _make_server(hub: Hub, folder: Path, tools: Tools, clock: Clock, log: Log) -> GitHubServer:
    repository = hub.add_repository(NAME, collaborators=_PEOPLE)
    keys = folder / "online-keys"
    keys.mkdir(mode=0o700)
    grant = Grant(file="online-sign.yml", variables={"CRYPTO_SIGNER_PATH_PREFIX": str(keys)})
    runner = Runner(hub=hub, tools=tools, folder=folder / "runs", grants=[grant])
    workflows = Workflows(runner=runner)
    machine = OnlineMachine(
        who="server", home=folder, folder=folder, clock=clock, log=log, workflows=workflows
    )
    return GitHubServer(
        git_dir=repository.git_dir,
        keys=keys,
        page=folder / "none",
        machine=machine,
        hub=hub,
        workflows=workflows,
    )
