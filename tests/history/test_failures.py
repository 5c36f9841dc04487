"""Each way in which git, the disk or a remote says no has its own error and its next step."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.history.helpers import commit, git, hook

from tufline.repository.errors import EnvironmentProblem, Race, Refusal, TuflineError
from tufline.repository.history import (
    AuthFailed,
    Commit,
    GitFailed,
    GitHistory,
    HookRefused,
    Move,
    Moved,
    NoSpace,
    PushRefused,
    ReadOnlyRepository,
    RemoteUnreachable,
    open_history,
)


def first_push(history: GitHistory) -> Commit:
    made = commit(history, {"a": b"1"})
    history.move([Move(branch="main", old=None, new=made)])
    return made


def ssh_that_says(path: Path, said: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {code}\n")
    path.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(path))


@pytest.mark.parametrize(
    ("said", "code", "error"),
    [
        ("git@example.org: Permission denied (publickey).", 255, AuthFailed),
        ("Host key verification failed.", 255, AuthFailed),
        ("ssh: Could not resolve hostname example.org: Name not known", 255, RemoteUnreachable),
        ("ssh: connect to host example.org port 22: Connection refused", 255, RemoteUnreachable),
        ("ERROR: Repository not found.", 1, RemoteUnreachable),
        ("ERROR: Permission to o/r.git denied to alice.", 1, ReadOnlyRepository),
        ("fatal: write error: No space left on device", 128, NoSpace),
    ],
)
def test_what_ssh_says_is_understood(
    workplace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    code: int,
    error: type[TuflineError],
) -> None:
    git(workplace, "remote", "set-url", "origin", "ssh://git@example.org/o/r.git")
    ssh_that_says(tmp_path / "ssh", said, code, monkeypatch)
    with open_history(workplace, pull_remote="origin") as history:
        for operation in (history.refresh, lambda: first_push(history)):
            with pytest.raises(error) as caught:
                operation()
            assert said in str(caught.value)
            assert caught.value.hint
            assert isinstance(caught.value.__cause__, GitFailed)


@contextmanager
def web_server(status: int) -> Iterator[str]:
    """Serve nothing but this HTTP status; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/o/r.git"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AuthFailed), (403, ReadOnlyRepository), (404, RemoteUnreachable)],
)
def test_what_a_web_server_says_is_understood(
    workplace: Path, status: int, error: type[TuflineError]
) -> None:
    with web_server(status) as address:
        git(workplace, "remote", "set-url", "origin", address)
        with open_history(workplace, pull_remote="origin") as history, pytest.raises(error):
            history.refresh()


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/at/all.git",
        "file:///nowhere/at/all.git",
        "http://127.0.0.1:9/o/r.git",
        "http://name.invalid/o/r.git",
    ],
)
def test_remote_that_is_not_there_is_unreachable(workplace: Path, address: str) -> None:
    git(workplace, "remote", "set-url", "origin", address)
    with open_history(workplace, pull_remote="origin") as history:
        for operation in (history.refresh, lambda: first_push(history)):
            with pytest.raises(RemoteUnreachable) as caught:
                operation()
            assert "git remote -v" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_hook_that_refuses_is_quoted(server: Path, remote: GitHistory, name: str) -> None:
    hook(server, name, "echo 'no: not today'\necho 'ask @alice' >&2\nexit 1\n")
    with pytest.raises(HookRefused) as caught:
        first_push(remote)
    assert caught.value.branch == "main"
    assert caught.value.said.startswith("no: not today\nask @alice")
    assert isinstance(caught.value, Refusal)
    assert git(server, "for-each-ref") == ""


def test_silent_hook_is_named(server: Path, remote: GitHistory) -> None:
    hook(server, "pre-receive", "exit 1\n")
    with pytest.raises(HookRefused, match="pre-receive hook declined"):
        first_push(remote)


def test_hook_that_refuses_one_branch_stops_all(server: Path, remote: GitHistory) -> None:
    hook(server, "update", 'test "$1" = refs/heads/main || exit 1\n')
    made = commit(remote, {"a": b"1"})
    with pytest.raises(HookRefused, match="'x'"):
        remote.move([Move(branch=name, old=None, new=made) for name in ("main", "x")])
    assert git(server, "for-each-ref") == ""


def test_setting_that_refuses_is_named(server: Path, remote: GitHistory) -> None:
    made = first_push(remote)
    git(server, "config", "receive.denyDeletes", "true")
    with pytest.raises(PushRefused, match="deletion prohibited") as caught:
        remote.move([Move(branch="main", old=made, new=None)])
    assert not isinstance(caught.value, HookRefused)
    remote.refresh()
    assert remote.branches() == {"main": made}


def test_push_of_an_old_view_loses_the_race(
    server: Path, workplace: Path, remote: GitHistory
) -> None:
    old = first_push(remote)
    mine, theirs = (commit(remote, {"a": data}, old) for data in (b"mine", b"theirs"))
    git(server, "fetch", "--quiet", workplace, theirs)
    git(server, "update-ref", "refs/heads/main", theirs, old)
    with pytest.raises(Moved) as caught:
        remote.move([Move(branch="main", old=old, new=mine)])
    assert isinstance(caught.value, Race)
    remote.refresh()
    assert remote.branches() == {"main": theirs}


def test_race_inside_the_server_is_lost_too(
    server: Path, workplace: Path, remote: GitHistory
) -> None:
    old = first_push(remote)
    mine, theirs = (commit(remote, {"a": data}, old) for data in (b"mine", b"theirs"))
    git(server, "fetch", "--quiet", workplace, theirs)
    script = f"unset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/main {theirs}\n"
    hook(server, "pre-receive", script)
    with pytest.raises(Moved):
        remote.move([Move(branch="main", old=old, new=mine)])
    assert git(server, "rev-parse", "main") == theirs


def test_push_whose_answer_is_lost_can_be_repeated(server: Path, remote: GitHistory) -> None:
    hook(server, "reference-transaction", 'test "$1" != committed || kill -9 $PPID\n')
    made = commit(remote, {"a": b"1"})
    move = Move(branch="main", old=None, new=made)
    with pytest.raises(GitFailed):
        remote.move([move])
    assert git(server, "rev-parse", "main") == made
    remote.move([move])
    assert remote.resolve("main") == made


def test_locked_branch_is_no_lost_race(server: Path, local: GitHistory, remote: GitHistory) -> None:
    made = first_push(remote)
    newer = commit(remote, {"a": b"2"}, made)
    (server / "refs/heads/main.lock").touch()
    with pytest.raises(GitFailed, match="cannot lock ref"):
        local.move([Move(branch="main", old=made, new=None)])
    with pytest.raises(PushRefused, match="cannot lock ref"):
        remote.move([Move(branch="main", old=made, new=newer)])


def test_branch_below_a_branch_is_no_lost_race(local: GitHistory, remote: GitHistory) -> None:
    made = first_push(remote)
    with pytest.raises(GitFailed, match="'refs/heads/main' exists"):
        local.move([Move(branch="main/x", old=None, new=made)])
    with pytest.raises(PushRefused):
        remote.move([Move(branch="main/x", old=None, new=made)])


def test_push_larger_than_allowed_is_refused(server: Path, remote: GitHistory) -> None:
    git(server, "config", "receive.maxInputSize", "10")
    with pytest.raises(PushRefused, match="unpacker error"):
        first_push(remote)


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file grow over `size` bytes: the nearest to a full disk that needs no disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [4096, 10_000])
def test_full_disk_is_told_whoever_meets_it(local: GitHistory, limit: int) -> None:
    # 10,000 bytes fit a file of ours; git's object of random bytes is a little larger.
    data = os.urandom(10_000)
    with files_up_to(limit), pytest.raises(NoSpace) as caught:
        commit(local, {"a": data})
    assert isinstance(caught.value, EnvironmentProblem)
    assert "free some space" in str(caught.value.hint)
    assert commit(local, {"a": data})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_repository_of_somebody_else_is_read_only(
    server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run git as a user who may read the server but not write to it."""
    nobody = tmp_path / "bin"
    nobody.mkdir()
    real = os.environ["PATH"]
    (nobody / "git").write_text(
        "#!/bin/sh\n"
        f"PATH={real} exec setpriv --reuid=65534 --clear-groups git -c safe.directory='*' \"$@\"\n"
    )
    (nobody / "git").chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/") and folder.stat().st_mode & 0o005 == 0:
            folder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{nobody}:{real}")
    with open_history(server) as history, pytest.raises(ReadOnlyRepository) as caught:
        commit(history, {"a": b"1"})
    assert "write permission" in str(caught.value.hint)
