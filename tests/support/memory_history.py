"""A history that is held in memory, and that can fail at any operation, before or after it."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from tufline.repository.history import (
    Author,
    Commit,
    CommitInfo,
    InvalidBranch,
    MissingObject,
    Move,
    Moved,
    NoSuchRef,
    RewriteRefused,
    UnbornBranch,
)
from tufline.repository.history._commits import git_date, signed_off
from tufline.repository.history._writing import check_paths
from tufline.repository.state import Entry, Files, Kind, MemoryFiles

T = TypeVar("T")

USER = Author(name="The User", email="user@example.org")
"""The identity that `write` takes when it is given no author."""


class Killed(BaseException):
    """The job was killed. Not an `Exception`, so that no job can swallow it."""


class When(StrEnum):
    """At which moment of an operation a fault strikes."""

    BEFORE = "before it took effect"
    AFTER = "after it took effect"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Fail once: at the `nth` (from 1) call of `operation`, or of any if that is None."""

    nth: int
    when: When
    operation: str | None = None
    error: BaseException = field(default_factory=Killed)


@dataclass(frozen=True, slots=True)
class _Stored:
    info: CommitInfo
    contents: Mapping[str, bytes]
    kinds: Mapping[str, Kind]


class MemoryHistory:
    """A `History` without git.

    `performed` lists the operations in order: run a job once undisturbed, then once more on a
    fresh history for each position in that list and each `When`.
    """

    def __init__(self, *, fault: Fault | None = None) -> None:
        self.fault = fault
        self.performed: list[str] = []
        self.offered: dict[str, Commit] = {}
        self._commits: dict[Commit, _Stored] = {}
        self._branches: dict[str, Commit] = {}
        self._contents: dict[str, bytes] = {}

    def resolve(self, name: str) -> Commit:
        return self._perform("resolve", lambda: self._resolve(name))

    def branches(self, prefix: str = "") -> Mapping[str, Commit]:
        return self._perform(
            "branches",
            lambda: {
                name: commit
                for name, commit in sorted(self._branches.items())
                if name.startswith(prefix)
            },
        )

    def info(self, commit: Commit) -> CommitInfo:
        return self._perform("info", lambda: self._stored(commit).info)

    def first_parents(self, commit: Commit) -> Iterator[CommitInfo]:
        return self._perform("first_parents", lambda: iter(list(self._line(commit))))

    def merge_bases(self, ours: Commit, theirs: Commit) -> tuple[Commit, ...]:
        return self._perform("merge_bases", lambda: self._merge_bases(ours, theirs))

    def contains(self, descendant: Commit, ancestor: Commit) -> bool:
        return self._perform("contains", lambda: ancestor in self._ancestors(descendant))

    def files(self, commit: Commit) -> Files:
        return self._perform("files", lambda: self._files(commit))

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
        check_paths(changes)
        author = author or USER
        text = signed_off(message, author)
        contents, kinds = self._changed(tree, changes)
        facts = repr(
            (sorted(contents.items()), sorted(kinds.items()), parents, text, git_date(when))
        )
        commit = Commit(hashlib.sha1(facts.encode(), usedforsecurity=False).hexdigest())
        when = when.astimezone(UTC).replace(microsecond=0)
        info = CommitInfo(id=commit, parents=tuple(parents), author=author, when=when, message=text)
        return self._perform("write", lambda: self._store(_Stored(info, contents, kinds)))

    def move(self, moves: Sequence[Move]) -> None:
        self._perform("move", lambda: self._move(moves))

    def fetch(self, ref: str) -> Commit:
        """Find the ref among the branches and `offered`, where tests put what forks offer."""

        def effect() -> Commit:
            branches = {f"refs/heads/{name}": commit for name, commit in self._branches.items()}
            if ref not in branches | self.offered:
                raise NoSuchRef(ref)
            return (branches | self.offered)[ref]

        return self._perform("fetch", effect)

    def lose(self, commit: Commit) -> None:
        """Lose the commit's object, as a damaged disk or a hostile server does."""
        del self._commits[commit]

    def refresh(self) -> None:
        self._perform("refresh", lambda: None)

    def _perform(self, operation: str, effect: Callable[[], T]) -> T:
        self.performed.append(operation)
        struck = self._struck(operation)
        if struck and struck.when is When.BEFORE:
            raise struck.error
        result = effect()
        if struck:
            raise struck.error
        return result

    def _struck(self, operation: str) -> Fault | None:
        """Return the fault if it is due at this call."""
        fault = self.fault
        if fault is None or fault.operation not in {None, operation}:
            return None
        calls = [name for name in self.performed if fault.operation in {None, name}]
        return fault if len(calls) == fault.nth else None

    def _resolve(self, name: str) -> Commit:
        commit = self._branches.get(name) or self._branches.get(name.removeprefix("refs/heads/"))
        if commit is None and name in self._commits:
            commit = Commit(name)
        if commit is None:
            raise NoSuchRef(name) if self._branches else UnbornBranch(name)
        return commit

    def _stored(self, commit: Commit) -> _Stored:
        if commit not in self._commits:
            raise MissingObject(commit)
        return self._commits[commit]

    def _files(self, commit: Commit) -> MemoryFiles:
        stored = self._stored(commit)
        return MemoryFiles(stored.contents, stored.kinds)

    def _line(self, commit: Commit) -> Iterator[CommitInfo]:
        info = self._stored(commit).info
        yield info
        while info.parents:
            info = self._stored(info.parents[0]).info
            yield info

    def _ancestors(self, commit: Commit) -> set[Commit]:
        found: set[Commit] = set()
        waiting = [commit]
        while waiting:
            commit = waiting.pop()
            if commit not in found:
                found.add(commit)
                waiting.extend(self._stored(commit).info.parents)
        return found

    def _merge_bases(self, ours: Commit, theirs: Commit) -> tuple[Commit, ...]:
        common = self._ancestors(ours) & self._ancestors(theirs)
        older = {older for one in common for older in self._ancestors(one) - {one}}
        return tuple(sorted(common - older))

    def _changed(
        self, tree: Commit | None, changes: Mapping[str, bytes | Entry | None]
    ) -> tuple[dict[str, bytes], dict[str, Kind]]:
        contents = dict(self._stored(tree).contents) if tree else {}
        kinds = dict(self._stored(tree).kinds) if tree else {}
        for path, change in changes.items():
            if change is not None:
                _make_room(contents, path)
                kinds[path] = change.kind if isinstance(change, Entry) else Kind.FILE
                contents[path] = self._bytes(change)
            else:
                contents.pop(path, None)
        return contents, {path: kinds[path] for path in sorted(contents)}

    def _bytes(self, change: bytes | Entry) -> bytes:
        if isinstance(change, bytes):
            return change
        if change.kind is Kind.SUBMODULE:
            return b""
        if change.id not in self._contents:
            raise MissingObject(change.id)
        return self._contents[change.id]

    def _store(self, stored: _Stored) -> Commit:
        self._commits[stored.info.id] = stored
        files = MemoryFiles(stored.contents, stored.kinds)
        self._contents |= {entry.id: files.read(entry) for entry in files.below("")}
        return stored.info.id

    def _move(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if not re.fullmatch(r"[^\s\0~^:?*\[\\]+", move.branch) or ".." in move.branch:
                raise InvalidBranch(move.branch)
            if move.old and move.new and move.old not in self._ancestors(move.new):
                raise RewriteRefused(move.branch)
        for move in moves:
            if self._branches.get(move.branch) not in {move.old, move.new}:
                raise Moved(move.branch)
        for move in moves:
            self._branches.pop(move.branch, None)
            if move.new:
                self._branches[move.branch] = move.new


def _make_room(contents: dict[str, bytes], path: str) -> None:
    """Drop what cannot be beside a file at `path`: files below it, or at one of its folders."""
    for other in list(contents):
        if other.startswith(path + "/") or path.startswith(other + "/"):
            del contents[other]
