"""An emulated GitHub with one repository, `octo/tuf`, and a session that jobs have in its Actions.

with on_github(tmp_path) as github:
    github.commit("main", {"README.md": "hello"})
    open_problem(github.session(), "publish", "text")
"""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from github import Github
from tests.support.github import Fault, Hub, Kind, Repository, serve

from tufline.repository.forge import ForgeFailed
from tufline.repository.forge.github._connection import Patience, Session, connect
from tufline.repository.history import Commit

NAME: Final = "octo/tuf"
_START: Final = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BOT: Final = "github-actions[bot]"
GRANTED: Final = {
    "actions": "write",
    "contents": "write",
    "issues": "write",
    "pull-requests": "write",
    "statuses": "write",
}
IMPATIENT: Final = Patience(
    attempts=0,
    backoff=0,
    secondary_wait=0,
    longest_wait=1,
    between_requests=0,
    between_writes=0,
)
FAULTS: Final = (403, 404, 429, 500, Kind.SECONDARY_LIMIT, Kind.BREAK_BEFORE, Kind.BREAK_AFTER)


@dataclass(kw_only=True)
class OnGitHub:
    """The hub, its repository, and whoever talks to it."""

    hub: Hub
    repository: Repository
    _sessions: list[Session] = field(default_factory=list)

    def session(
        self, permissions: Mapping[str, str] = GRANTED, *, patience: Patience = IMPATIENT
    ) -> Session:
        """Return a session of a workflow's own token."""
        token = self.hub.token("octo", repository=NAME, permissions=permissions, kind="actions")
        return self.session_of(token, patience=patience)

    def session_of(self, token: str, *, patience: Patience = IMPATIENT) -> Session:
        return self._kept(connect(self.environment(token), patience=patience))

    def environment(self, token: str) -> dict[str, str]:
        """Return what GitHub Actions puts into the environment of a job."""
        return {
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_API_URL": self.hub.api_url,
            "GITHUB_SERVER_URL": self.hub.url,
            "GITHUB_TOKEN": token,
        }

    def api(self, login: str) -> Github:
        """Return PyGithub as somebody else uses it."""
        session = self.session_of(self.hub.token(login))
        return session.client

    def commit(
        self,
        branch: str,
        files: Mapping[str, str | bytes],
        *,
        repository: str = NAME,
        onto: str | None = None,
    ) -> Commit:
        """Commit the files as if the owner had pushed; return the commit.

        It comes onto the branch, a new branch's first one onto main; or onto what is named.
        """
        home = self.hub.repositories[repository]
        old = _head(home.git_dir, branch)
        parent = onto or old or _head(home.git_dir, "main")
        _import(home.git_dir, _stream(branch, files, parent))
        new = _head(home.git_dir, branch)
        assert new
        self.hub.pushed(home, home.owner, "personal", {branch: (old, new)})
        return Commit(new)

    def pull(
        self,
        branch: str,
        *,
        base: str = "main",
        login: str = "octo",
        title: str = "A title",
        body: str = "A text",
        draft: bool = False,
    ) -> int:
        """Open a pull request of the branch, in the login's repository, and return its number."""
        repository = self.api(login).get_repo(NAME)
        head = f"{login}:{branch}"
        return repository.create_pull(base, head, title=title, body=body, draft=draft).number

    def struck(self, kind: int | Kind, nth: int) -> None:
        """Let the nth request from now on, of any kind, fail."""
        self.hub.faults.add(Fault(kind=kind, nth=nth))

    def close(self) -> None:
        for session in self._sessions:
            session.close()

    def _kept(self, session: Session) -> Session:
        self._sessions.append(session)
        return session


@contextmanager
def on_github(folder: Path) -> Iterator[OnGitHub]:
    """Serve an emulated GitHub; its clock goes on by a second with each look at it."""
    seconds = count()
    with serve(folder, now=lambda: _START + timedelta(seconds=next(seconds))) as hub:
        github = OnGitHub(hub=hub, repository=hub.add_repository(NAME))
        try:
            yield github
        finally:
            github.close()


def disturbed(
    folder: Path, prepare: Callable[[OnGitHub], None], job: Callable[[OnGitHub], None]
) -> Iterator[tuple[OnGitHub, str]]:
    """Yield a GitHub for each fault at each request of the job, after the job was run once more.

    With it comes what happened, for messages. The first one was not disturbed at all.
    """
    with on_github(folder / "0") as github:
        prepare(github)
        before = len(github.hub.requests)
        job(github)
        requests = len(github.hub.requests) - before
        yield github, "undisturbed"
    assert requests
    for nth in range(1, requests + 1):
        for kind in FAULTS:
            with on_github(folder / f"{nth}-{kind}") as github:
                prepare(github)
                github.struck(kind, nth)
                with pytest.raises(ForgeFailed):
                    job(github)
                job(github)
                yield github, f"{kind} at request {nth}"


def _head(git_dir: Path, branch: str) -> str | None:
    found = _git(git_dir, "rev-parse", "--quiet", "--verify", f"refs/heads/{branch}")
    return found.stdout.decode().strip() or None


def _import(git_dir: Path, stream: bytes) -> None:
    _git(git_dir, "fast-import", "--quiet", "--force", given=stream).check_returncode()


def _git(
    git_dir: Path, *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    command = ["git", "--git-dir", str(git_dir), *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def _stream(branch: str, files: Mapping[str, str | bytes], parent: str | None) -> bytes:
    """Return what `git fast-import` makes the commit from."""
    lines = [f"commit refs/heads/{branch}", "committer N <n@example.org> 1700000000 +0000"]
    lines += ["data 1", "m", *([f"from {parent}"] if parent else [])]
    stream = "\n".join(lines).encode() + b"\n"
    for path, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
    return stream
