"""Opening what is, and what is not, a usable repository."""

from pathlib import Path

import pytest
from tests.history.helpers import NOW, bare, clone, commit, contents, git

from tufline.repository.history import (
    GitMissing,
    GitTooOld,
    Move,
    NoIdentity,
    NoSuchRef,
    NoSuchRemote,
    NotARepository,
    ShallowClone,
    open_history,
)


def fake_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "git").write_text("#!/bin/sh\n" + script)
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_without_git_the_hint_says_to_install_it(
    server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing) as caught:
        open_history(server)
    assert "install git" in str(caught.value.hint)


@pytest.mark.parametrize("version", ["git version 2.35.8", "git version 1.99.0", "nonsense"])
def test_old_git_is_refused(
    server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    fake_git(tmp_path / "bin", f"echo '{version}'", monkeypatch)
    with pytest.raises(GitTooOld, match="is too old") as caught:
        open_history(server)
    assert caught.value.version == version.removeprefix("git version ")


@pytest.mark.parametrize("version", ["2.36.0", "3.0.1", "2.39.5 (Apple Git-154)"])
def test_new_git_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    script = f'case "$*" in *version) echo "git version {version}";; *) exit 128;; esac'
    fake_git(tmp_path / "bin", script, monkeypatch)
    with pytest.raises(NotARepository):
        open_history(tmp_path)


@pytest.mark.parametrize("path", ["missing", "empty", "empty/file"])
def test_what_is_no_repository_is_named(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/file").touch()
    with pytest.raises(NotARepository, match=f"{path} is not a git repository"):
        open_history(tmp_path / path)


def test_unknown_remote_is_named(workplace: Path) -> None:
    for pull, push in (("-x", None), ("origin", "fork")):
        with pytest.raises(NoSuchRemote):
            open_history(workplace, pull_remote=pull, push_remote=push)


def test_repository_is_found_from_its_folders(server: Path, tmp_path: Path) -> None:
    with open_history(server) as history:
        first = commit(history, {"sub/a": b"1"})
        history.move([Move(branch="main", old=None, new=first)])
    work = clone(server, tmp_path / "odd\nname")
    linked = tmp_path / "linked"
    git(work, "worktree", "add", "--quiet", "--detach", linked)
    for path in (work, work / "sub", work / ".git", linked, server / "objects"):
        with open_history(path) as history:
            assert contents(history, history.resolve("HEAD")) == {"sub/a": b"1"}


def test_relative_remote_is_relative_to_the_work_tree(server: Path, workplace: Path) -> None:
    git(workplace, "remote", "set-url", "origin", "../server.git")
    with open_history(server) as history:
        first = commit(history, {"sub/a": b"1"})
        history.move([Move(branch="main", old=None, new=first)])
    (workplace / "sub").mkdir()
    with open_history(workplace / "sub", pull_remote="origin") as history:
        history.refresh()
        assert history.resolve("main") == first


def test_detached_clone_with_edits_just_works(server: Path, tmp_path: Path) -> None:
    with open_history(server) as history:
        first = commit(history, {"a": b"1"})
        history.move([Move(branch="main", old=None, new=commit(history, {"a": b"2"}, first))])
    work = clone(server, tmp_path / "clone")
    git(work, "checkout", "--quiet", "--detach", first)
    (work / "a").write_bytes(b"edited")
    with open_history(work, pull_remote="origin") as history:
        assert contents(history, history.resolve("main")) == {"a": b"2"}
        assert history.resolve("HEAD") == first


def test_branch_that_the_remote_lacks_needs_its_full_name(server: Path, tmp_path: Path) -> None:
    with open_history(server) as history:
        first = commit(history, {"a": b"1"})
        history.move([Move(branch="main", old=None, new=first)])
    work = clone(server, tmp_path / "clone")
    git(work, "branch", "sign/left-over")
    with open_history(work, pull_remote="origin") as history:
        with pytest.raises(NoSuchRef):
            history.resolve("sign/left-over")
        assert history.resolve("refs/heads/sign/left-over") == first
        assert list(history.branches()) == ["main"]


def test_shallow_clone_gives_no_answer_about_ancestors(server: Path, tmp_path: Path) -> None:
    with open_history(server) as history:
        first = commit(history, {"a": b"1"})
        second = commit(history, {"a": b"2"}, first)
        third = commit(history, {"a": b"3"}, second)
        history.move([Move(branch="main", old=None, new=third)])
    work = clone(server, tmp_path / "clone", "--depth=2", "--no-local")
    with open_history(work, pull_remote="origin") as history:
        assert contents(history, third) == {"a": b"3"}
        for ask in (
            lambda: history.merge_bases(third, second),
            lambda: history.contains(third, first),
            lambda: history.first_parents(third),
            lambda: history.info(first),
            lambda: history.move([Move(branch="main", old=second, new=third)]),
        ):
            with pytest.raises(ShallowClone) as caught:
                ask()
            assert "--unshallow" in str(caught.value.hint)


def test_user_without_identity_is_told_the_commands(
    server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with open_history(server) as history, pytest.raises(NoIdentity) as caught:
        history.write(tree=None, changes={}, parents=[], message="m", author=None, when=NOW)
    assert "git config --global user.name" in str(caught.value.hint)


def test_sha256_repository_works_throughout(tmp_path: Path) -> None:
    server = bare(tmp_path / "server.git", "--object-format=sha256")
    with open_history(server) as history:
        history.move([Move(branch="start", old=None, new=commit(history, {}))])
    work = clone(server, tmp_path / "clone")
    with open_history(work, pull_remote="origin") as history:
        first = commit(history, {f"a/{n}": b"%d" % n for n in range(600)})
        second = commit(history, {"a/1": None}, first)
        history.move([Move(branch="main", old=None, new=first)])
        history.move([Move(branch="main", old=first, new=second)])
        history.refresh()
        assert len(history.resolve("main")) == 64
        assert len(contents(history, second)) == 599
        differences = history.files(second).since(history.files(first))
        assert [difference.path for difference in differences] == ["a/1"]
    with open_history(server) as history:
        history.move([Move(branch="main", old=second, new=None)])
        assert list(history.branches()) == ["start"]


def test_closed_history_reads_nothing_and_closes_again(server: Path) -> None:
    history = open_history(server)
    made = commit(history, {"a": b"1"})
    history.close()
    history.close()
    with pytest.raises(ValueError, match="closed"):
        history.files(made)
