"""The history of a real git repository: a clone, or a bare repository on a server."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tufline.repository.history._branches import Branches, OwnBranches, RemoteBranches, listing
from tufline.repository.history._commits import commit_info, git_date, signed_off, tree_of
from tufline.repository.history._errors import (
    GitFailed,
    InvalidBranch,
    MissingObject,
    NoIdentity,
    NoSuchRef,
    NotARepository,
    RewriteRefused,
    ShallowClone,
    UnbornBranch,
)
from tufline.repository.history._git import Git, HttpToken, check_version
from tufline.repository.history._interface import Author, Commit, CommitInfo, Move
from tufline.repository.history._objects import Objects
from tufline.repository.history._trees import GitFiles, Trees
from tufline.repository.history._writing import check_paths, write_blobs, write_tree
from tufline.repository.state import Entry

_ID_SIZES: Final = {"sha1": 20, "sha256": 32}
# Not a branch, though a remote may have a ref of that name: its default branch.
_HEAD: Final = re.compile(r"HEAD($|[~^@:])")
_IDENTITY: Final = re.compile(r"(.*) <(.*)> \d+ [+-]\d+\n")


def open_history(
    path: Path,
    *,
    pull_remote: str | None = None,
    push_remote: str | None = None,
    token: HttpToken | None = None,
) -> "GitHistory":
    """Open the repository that `path` lies in; close it, or use it in a `with`.

    Without `pull_remote` the branches are the repository's own. With it they are those of that
    remote, as of the last `refresh`, and moves are pushed to `push_remote` (by default the same).
    With `token` the remote's server is told it, in place of what the clone has for that server.
    """
    git, id_size = _located(path, token)
    zero = "0" * 2 * id_size
    branches: Branches = OwnBranches(git, zero)
    if pull_remote is not None:
        branches = RemoteBranches(git, zero, pull=pull_remote, push=push_remote or pull_remote)
    return GitHistory(git, branches, id_size)


class GitHistory:
    """The commits and branches of a git repository (`History`)."""

    def __init__(self, git: Git, branches: Branches, id_size: int) -> None:
        self._git = git
        self._branches = branches
        self._id = re.compile(rf"[0-9a-f]{{{2 * id_size}}}\n")
        self._objects = Objects(git)
        self._trees = Trees(self._objects, id_size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def git_dir(self) -> Path:
        """Where the repository's own files are."""
        return Path(self._git.run("rev-parse", "--absolute-git-dir").removesuffix("\n"))

    def close(self) -> None:
        """End the git process that reads objects. Files of this history cannot be read any more."""
        self._objects.close()

    def resolve(self, name: str) -> Commit:
        """Return the commit that `name` means; a branch comes first."""
        branch = None if _HEAD.match(name) else self._parsed(self._branches.namespace + name)
        commit = branch or self._revision(name)
        if commit is None:
            raise NoSuchRef(name) if self.branches() else UnbornBranch(name)
        return commit

    def branches(self, prefix: str = "") -> Mapping[str, Commit]:
        """Return the branches whose short names begin with `prefix`."""
        found = listing(self._git, self._branches.namespace)
        return {name: commit for name, commit in found.items() if name.startswith(prefix)}

    def info(self, commit: Commit) -> CommitInfo:
        """Return what the commit says about itself."""
        return commit_info(commit, self._commit(commit))

    def first_parents(self, commit: Commit) -> Iterator[CommitInfo]:
        """Yield the commit and its first parents, newest first."""
        self._refuse_shallow()
        return self._walk(commit)

    def merge_bases(self, ours: Commit, theirs: Commit) -> tuple[Commit, ...]:
        """Return every best common ancestor."""
        self._refuse_shallow()
        answer = self._git.ask(
            "merge-base", "--all", "--end-of-options", ours, theirs, codes=(0, 1)
        )
        return tuple(Commit(line) for line in sorted(answer.output.split()))

    def contains(self, descendant: Commit, ancestor: Commit) -> bool:
        """Whether `ancestor` is `descendant` or one of its ancestors."""
        self._refuse_shallow()
        question = ("merge-base", "--is-ancestor", "--end-of-options", ancestor, descendant)
        return self._git.ask(*question, codes=(0, 1)).code == 0

    def files(self, commit: Commit) -> GitFiles:
        """Return the files of the commit."""
        return GitFiles(self._trees, tree_of(commit, self._commit(commit)))

    def write(
        self,
        *,
        tree: Commit | None,
        changes: Mapping[str, bytes | Entry | None],
        parents: Sequence[Commit],
        message: str,
        author: Author | None,
        when: datetime,
    ) -> Commit:
        """Store a commit and return it."""
        check_paths(changes)
        author = author or self.identity()
        text = signed_off(message, author)
        base = tree_of(tree, self._commit(tree)) if tree else None
        root = write_tree(self._git, self._trees, base, write_blobs(self._git, changes))
        options = [option for parent in parents for option in ("-p", parent)]
        written = self._git.run(
            *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", *options, root),
            data=text.encode(),
            env=_who_and_when(author, git_date(when)),
        )
        return Commit(written.strip())

    def move(self, moves: Sequence[Move]) -> None:
        """Move all the branches, or none."""
        for move in moves:
            self._check(move)
        if moves:
            self._branches.move(moves)

    def fetch(self, ref: str) -> Commit:
        """Fetch the commit that a full ref of the pull remote names."""
        commit = self._branches.fetch(ref)
        if self._parsed(commit) is None:
            raise NoSuchRef(ref)
        return commit

    def refresh(self) -> None:
        """Fetch the remote's branches."""
        self._branches.refresh()

    def try_push(self, branch: str, commit: Commit) -> None:
        """Ask the push remote whether it would take a new branch; nothing is sent or changed.

        The server's hooks are not asked. Raise what `move` would.
        """
        self._branches.try_push(branch, commit)

    def remote_url(self, remote: str, *, push: bool = False) -> str:
        """Return the URL of a remote of this clone, as git uses it to fetch or to push."""
        option = ("--push",) if push else ()
        return self._git.run("remote", "get-url", *option, "--", remote).removesuffix("\n")

    def _revision(self, name: str) -> Commit | None:
        # A left-over local branch must not stand in for a branch that the remote no longer has.
        return None if self._parsed("refs/heads/" + name) else self._parsed(name)

    def _parsed(self, name: str) -> Commit | None:
        if "\0" in name:
            return None
        question = ("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
        answer = self._git.ask(*question, codes=(0, 1, 128))
        # Git also parses "^name", which is no commit.
        return Commit(answer.output.strip()) if self._id.fullmatch(answer.output) else None

    def _walk(self, commit: Commit) -> Iterator[CommitInfo]:
        info = self.info(commit)
        yield info
        while info.parents:
            info = self.info(info.parents[0])
            yield info

    def _commit(self, commit: Commit) -> bytes:
        try:
            return self._objects.read(b"commit", commit)
        except MissingObject:
            self._refuse_shallow()
            raise

    def _refuse_shallow(self) -> None:
        if self._git.run("rev-parse", "--is-shallow-repository").strip() == "true":
            raise ShallowClone

    def identity(self) -> Author:
        """Return who commits here, as git is set up; raise `NoIdentity`."""
        question = ("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
        try:
            found = _IDENTITY.fullmatch(self._git.run(*question))
        except GitFailed as error:
            raise NoIdentity from error
        if found is None:
            raise NoIdentity
        return Author(name=found[1], email=found[2])

    def _check(self, move: Move) -> None:
        ref = "refs/heads/" + move.branch
        if "\0" in ref or self._git.ask("check-ref-format", ref, codes=(0, 1)).code:
            raise InvalidBranch(move.branch)
        if move.old and move.new and not self.contains(move.new, move.old):
            raise RewriteRefused(move.branch)


def _located(path: Path, token: HttpToken | None) -> tuple[Git, int]:
    """Return git bound to the repository around `path`, and the size of its ids in bytes."""
    here = Git(path)
    try:
        check_version(here)
        answer = here.run("rev-parse", "--show-object-format", "--absolute-git-dir")
        up = here.run("rev-parse", "--show-cdup")
    except GitFailed as error:
        raise NotARepository(str(path)) from error
    form, git_dir = answer.removesuffix("\n").split("\n", maxsplit=1)
    # From the top of the work tree, where git itself would look for a remote with a relative path.
    top = path / up.removesuffix("\n")
    return Git(top, f"--git-dir={git_dir}", token=token), _ID_SIZES[form]


def _who_and_when(author: Author, date: str) -> dict[str, str]:
    return {
        f"GIT_{role}_{fact}": value
        for role in ("AUTHOR", "COMMITTER")
        for fact, value in (("NAME", author.name), ("EMAIL", author.email), ("DATE", date))
    }
