"""The port to git: what the rest of Tufline may ask of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

from tufline.repository.state import Entry, Files

Commit = NewType("Commit", str)
"""The full id of a commit, lower-case hex (40 digits, or 64 in a SHA-256 repository)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who made a commit."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitInfo:
    """What a commit says about itself. Only `id` and `parents` are facts; the rest is a claim."""

    id: Commit
    parents: tuple[Commit, ...]
    author: Author
    when: datetime
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A compare-and-swap of one branch: from `old` (None: it does not exist) to `new` (None: gone).

    `branch` is the short name, `sign/root-v2`.
    """

    branch: str
    old: Commit | None
    new: Commit | None


class History(Protocol):
    """The commits and branches of the repository.

    Commits are immutable. No operation touches a work tree, an index, HEAD or a hook; only `move`
    and `refresh` change what a branch name means. Any operation may raise `GitFailed` or one of
    the errors of `history` that say what failed and what to do.
    """

    def resolve(self, name: str) -> Commit:
        """Return the commit that `name` means: a branch's short name, or any revision.

        Where there is a remote, a branch is the remote's: a local branch that the remote lacks is
        found only by its full name, `refs/heads/...`. Raise `NoSuchRef` if there is none.
        """
        ...

    def branches(self, prefix: str = "") -> Mapping[str, Commit]:
        """Return the branches whose short names begin with `prefix`, sorted by name."""
        ...

    def info(self, commit: Commit) -> CommitInfo:
        """Return what the commit says about itself."""
        ...

    def first_parents(self, commit: Commit) -> Iterator[CommitInfo]:
        """Yield the commit, its first parent, and so on to the beginning, reading as it goes.

        Raise `ShallowClone` at once where history is cut off.
        """
        ...

    def merge_bases(self, ours: Commit, theirs: Commit) -> tuple[Commit, ...]:
        """Return every best common ancestor, sorted; () if the two are unrelated.

        Raise `ShallowClone` where history is cut off, for the answer could be wrong.
        """
        ...

    def contains(self, descendant: Commit, ancestor: Commit) -> bool:
        """Whether `ancestor` is `descendant` or one of its ancestors; `ShallowClone` as above."""
        ...

    def files(self, commit: Commit) -> Files:
        """Return the files of the commit, read as they are asked for while the history is open."""
        ...

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
        """Store a commit and return it; no branch moves.

        Its files are those of the commit `tree` (None: no files) with the paths of `changes`
        replaced: by a plain file of these bytes, by a file of any commit, or None: by nothing (a
        path that is not there, or is a folder, stays as it is). A file replaces a folder of its
        name, and the reverse. The message ends in a Signed-off-by line. `author` None means the
        user's own git identity; `NoIdentity` if there is none. `InvalidPath` if git may not hold
        a path. Equal arguments give the equal commit, so a job that runs again repeats itself.
        """
        ...

    def move(self, moves: Sequence[Move]) -> None:
        """Move all the branches, or none; raise `Moved` if one is not at its `old`.

        A branch that is already at its `new` counts as moved, so that a call which failed after
        it took effect can be repeated. A `new` that does not descend from `old` is refused with
        `RewriteRefused` before anything happens: branches grow or go, they are never rewritten.
        Where there is a remote this is one atomic push, and its hooks may say no: `HookRefused`.
        """
        ...

    def fetch(self, ref: str) -> Commit:
        """Fetch the commit that a full ref of the pull remote names, such as `refs/pull/7/head`.

        No ref of this repository moves. Without a remote the ref is looked for here. Raise
        `NoSuchRef` if there is none.
        """
        ...

    def refresh(self) -> None:
        """Fetch the remote's branches and forget those it deleted; without a remote do nothing."""
        ...
