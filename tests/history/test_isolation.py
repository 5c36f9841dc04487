"""What belongs to the user of a clone stays as it is, and a hook's variables mean nothing to us."""

from pathlib import Path

import pytest
from tests.history.helpers import NOW, clone, commit, contents, fingerprint, git, hook

from tufline.repository.history import (
    BranchMissing,
    Commit,
    ForkAhead,
    GitHistory,
    Move,
    open_history,
)

OURS = (".git/objects", ".git/refs/remotes", ".git/packed-refs", ".git/logs/refs/remotes")


@pytest.fixture
def busy(server: Path, local: GitHistory, tmp_path: Path) -> Path:
    """Return a clone with local commits, staged and unstaged edits, and hooks that leave a mark."""
    first = commit(local, {"a": b"1", "b": b"1", "c": b"1"})
    local.move([Move(branch="main", old=None, new=first), Move(branch="x", old=None, new=first)])
    work = clone(server, tmp_path / "clone")
    git(work, "commit", "--quiet", "--allow-empty", "-m", "mine")
    git(work, "checkout", "--quiet", "-b", "sign/mine")
    (work / "a").write_bytes(b"staged")
    git(work, "add", "a")
    (work / "b").write_bytes(b"edited")
    (work / "c").unlink()
    (work / "untracked").write_bytes(b"u")
    for name in ("pre-push", "reference-transaction", "post-index-change", "pre-commit"):
        hook(work / ".git", name, f"touch '{work}/hook-ran'\nexit 1\n")
    return work


def every_operation(history: GitHistory) -> Commit:
    history.refresh()
    base = history.resolve("main")
    made = history.write(
        tree=base,
        changes={"a": b"2", "d/e": b""},
        parents=[base],
        message="m",
        author=None,
        when=NOW,
    )
    history.move([Move(branch="main", old=base, new=made), Move(branch="x", old=base, new=None)])
    history.refresh()
    assert history.branches() == {"main": made}
    assert [info.id for info in history.first_parents(made)] == [made, base]
    assert history.merge_bases(made, base) == (base,)
    assert history.contains(made, base)
    assert contents(history, made) == {"a": b"2", "b": b"1", "c": b"1", "d/e": b""}
    assert len(list(history.files(made).since(history.files(base)))) == 2
    return made


def test_clone_of_the_user_is_byte_identical_afterwards(busy: Path) -> None:
    before = fingerprint(busy, OURS)
    assert {".git/index", ".git/HEAD", ".git/refs/heads/sign/mine", "a", "b"} <= before.keys()
    with open_history(busy, pull_remote="origin") as history:
        every_operation(history)
    assert fingerprint(busy, OURS) == before


def test_variables_of_a_hook_have_no_influence(
    busy: Path, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"),
        *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_COMMON_DIR"),
        *("GIT_NAMESPACE", "GIT_AUTHOR_NAME", "GIT_COMMITTER_DATE", "GIT_CEILING_DIRECTORIES"),
        *("GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_TRACE", "GIT_SHALLOW_FILE"),
        *("GIT_PUSH_OPTION_COUNT", "GIT_CONFIG", "GIT_DEFAULT_HASH", "GIT_LITERAL_PATHSPECS"),
    ):
        monkeypatch.setenv(name, "/rubbish")
    with open_history(busy, pull_remote="origin") as history:
        made = every_operation(history)
        assert history.info(made).author.name == "The User"
    with open_history(server) as history:
        assert history.branches() == {"main": made}


def test_post_receive_hook_may_use_a_history(
    server: Path, workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(server, "post-receive", f"env > '{tmp_path}/env'\n")
    with open_history(workplace, pull_remote="origin") as history:
        made = commit(history, {"a": b"1"})
        history.move([Move(branch="main", old=None, new=made)])
    for line in (tmp_path / "env").read_text().splitlines():
        name, _, value = line.partition("=")
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(server)
    with open_history(Path()) as history:
        assert contents(history, history.resolve("main")) == {"a": b"1"}


def test_push_takes_nothing_along(server: Path, busy: Path) -> None:
    git(busy, "config", "push.followTags", "true")
    git(busy, "-c", "core.hooksPath=/dev/null", "tag", "-a", "-m", "t", "v1", "origin/main")
    git(busy, "config", "remote.origin.push", "refs/heads/*:refs/heads/*")
    with open_history(busy, pull_remote="origin") as history:
        made = every_operation(history)
    listed = git(server, "for-each-ref", "--format=%(refname) %(objectname)")
    assert listed == f"refs/heads/main {made}"


def test_refresh_takes_branches_only(server: Path, busy: Path) -> None:
    git(server, "tag", "v1", "main")
    git(busy, "config", "--add", "remote.origin.fetch", "+refs/heads/*:refs/copied/*")
    git(busy, "config", "remote.origin.tagOpt", "--tags")
    git(server, "update-ref", "refs/heads/new", "main")
    with open_history(busy, pull_remote="origin") as history:
        history.refresh()
        assert list(history.branches()) == ["main", "new", "x"]
    assert git(busy, "for-each-ref", "refs/tags", "refs/copied") == ""


def test_refresh_forgets_what_the_remote_deleted(server: Path, busy: Path) -> None:
    git(server, "update-ref", "-d", "refs/heads/x")
    git(server, "update-ref", "refs/heads/x/y", "main")
    with open_history(busy, pull_remote="origin") as history:
        assert list(history.branches()) == ["main", "x"]
        history.refresh()
        assert list(history.branches()) == ["main", "x/y"]


def fork_of(server: Path, busy: Path, tmp_path: Path) -> Path:
    """Return a fork that has no branch of the server but main, as a remote of the clone."""
    fork = tmp_path / "fork.git"
    git(tmp_path, "clone", "--quiet", "--bare", "--single-branch", "--branch=main", server, fork)
    git(busy, "remote", "add", "fork", fork)
    return fork


def test_fork_gets_the_branch_that_it_does_not_have_yet(
    server: Path, busy: Path, tmp_path: Path
) -> None:
    fork = fork_of(server, busy, tmp_path)
    with open_history(busy, pull_remote="origin", push_remote="fork") as history:
        history.refresh()
        base = history.resolve("x")
        made = commit(history, {"a": b"2"}, base)
        history.move([Move(branch="x", old=base, new=made)])
        more = commit(history, {"a": b"3"}, made)
        history.move([Move(branch="x", old=base, new=more)])  # the original is still at base
        assert history.resolve("x") == base
    assert git(fork, "rev-parse", "x") == more
    assert git(server, "rev-parse", "x") == base


def test_fork_that_holds_what_the_original_lacks_is_not_overwritten(
    server: Path, busy: Path, tmp_path: Path
) -> None:
    fork = fork_of(server, busy, tmp_path)
    with open_history(busy, pull_remote="origin", push_remote="fork") as history:
        history.refresh()
        base = history.resolve("x")
        first, second = (commit(history, {"a": data}, base) for data in (b"2", b"3"))
        history.move([Move(branch="x", old=base, new=first)])
        with pytest.raises(ForkAhead, match="branch 'x' of fork holds") as caught:
            history.move([Move(branch="x", old=base, new=second)])
    assert "git push fork --delete x" in str(caught.value.hint)
    assert git(fork, "rev-parse", "x") == first


def test_branch_that_went_from_the_fork_meanwhile_is_told_from_a_race(
    server: Path, busy: Path, tmp_path: Path
) -> None:
    fork = fork_of(server, busy, tmp_path)
    with open_history(busy, pull_remote="origin", push_remote="fork") as history:
        history.refresh()
        base = history.resolve("main")
        made = commit(history, {"a": b"2"}, base)
        git(fork, "update-ref", "-d", "refs/heads/main")
        with pytest.raises(BranchMissing, match="fork has no branch 'main'"):
            history.move([Move(branch="main", old=base, new=made)])
        assert history.resolve("main") == base
    assert git(server, "rev-parse", "main") == base


def test_fork_is_pushed_to_and_the_original_pulled_from(
    server: Path, busy: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", server, tmp_path / "fork.git")
    git(busy, "remote", "add", "fork", tmp_path / "fork.git")
    with open_history(busy, pull_remote="origin", push_remote="fork") as history:
        history.refresh()
        base = history.resolve("main")
        made = commit(history, {"a": b"2"}, base)
        history.move([Move(branch="sign/x", old=None, new=made)])
        assert history.branches() == {"main": base, "x": base}
        assert history.resolve("fork/sign/x") == made
        history.move([Move(branch="sign/x", old=made, new=None)])
        history.refresh()
    assert git(tmp_path / "fork.git", "branch", "--list", "sign/*") == ""
    assert git(server, "branch", "--list", "sign/*") == ""
