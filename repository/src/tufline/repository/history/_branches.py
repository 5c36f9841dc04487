"""Where a history's branches live: in the repository itself, or on a remote of the clone.

Whether a failed move lost a race is answered by looking at the branches again, never by reading
sentences: git has a dozen for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Final, Protocol

from tufline.repository.history._diagnosis import diagnosis
from tufline.repository.history._errors import (
    BranchMissing,
    ForkAhead,
    GitFailed,
    HookRefused,
    Moved,
    NoSuchRef,
    NoSuchRemote,
    PushRefused,
)
from tufline.repository.history._git import Answer, Git
from tufline.repository.history._interface import Commit, Move

_HEADS: Final = "refs/heads/"
_PUSH_OPTIONS: Final = (
    *("--atomic", "--porcelain", "--no-verify", "--no-follow-tags"),
    "--recurse-submodules=no",
)
_FETCH_OPTIONS: Final = (
    *("--quiet", "--prune", "--no-tags", "--no-recurse-submodules"),
    # Leave FETCH_HEAD, the clone's own refspecs and its packs alone.
    *("--no-write-fetch-head", "--refmap=", "--no-auto-maintenance"),
)


class Branches(Protocol):
    """The branches that a history speaks of."""

    namespace: str
    """What stands before a short name in this repository, `refs/heads/` or a remote's."""

    def move(self, moves: Sequence[Move]) -> None:
        """Move all or none; see `History.move`."""
        ...

    def try_push(self, branch: str, commit: Commit) -> None:
        """Ask whether a branch could be pushed; see `GitHistory.try_push`."""
        ...

    def fetch(self, ref: str) -> Commit:
        """Return what the ref names, and have its commit here; raise `NoSuchRef`."""
        ...

    def refresh(self) -> None:
        """See `History.refresh`."""
        ...


class OwnBranches:
    """The branches of the repository itself."""

    namespace = _HEADS

    def __init__(self, git: Git, zero: str) -> None:
        self._git = git
        self._zero = zero

    def move(self, moves: Sequence[Move]) -> None:
        """Move all or none, in one transaction of git's."""
        present = listing(self._git, _HEADS)
        moves = [move for move in moves if present.get(move.branch) != move.new]
        updates = [
            (_HEADS + move.branch, move.new or self._zero, move.old or self._zero) for move in moves
        ]
        try:
            _update(self._git, updates)
        except GitFailed:
            _refuse_lost_race(moves, listing(self._git, _HEADS))
            raise

    def try_push(self, branch: str, commit: Commit) -> None:
        """Do nothing: who can open the repository can write to it."""

    def fetch(self, ref: str) -> Commit:
        """Return what the ref names."""
        answer = self._git.run("for-each-ref", "--format=%(objectname) %(refname)", "--", ref)
        return _named(ref, answer)

    def refresh(self) -> None:
        """Do nothing: what is here is all there is."""


class RemoteBranches:
    """The branches of the remote `pull`; moves are pushed to the remote `push`."""

    def __init__(self, git: Git, zero: str, *, pull: str, push: str) -> None:
        self._git = git
        self._zero = zero
        self._pull = pull
        self._push = push
        self.namespace = f"refs/remotes/{pull}/"
        for remote in {pull, push}:
            if git.ask("remote", "get-url", "--", remote, codes=(0, 2)).code:
                raise NoSuchRemote(remote)

    def move(self, moves: Sequence[Move]) -> None:
        """Move all or none, in one atomic push."""
        if self._push != self._pull:
            moves = [self._on_fork(move) for move in moves]
        answer = self._git.ask("push", *_PUSH_OPTIONS, *_refspecs(self._push, moves), codes=(0, 1))
        if answer.code:
            self._explain(moves, answer)
        tracking = f"refs/remotes/{self._push}/"
        _update(self._git, [(tracking + move.branch, move.new or self._zero, "") for move in moves])

    def try_push(self, branch: str, commit: Commit) -> None:
        """Push, but for the pushing."""
        refspec = f"{commit}:{_HEADS}{branch}"
        self._git.run("push", *_PUSH_OPTIONS, "--dry-run", "--", self._push, refspec)

    def fetch(self, ref: str) -> Commit:
        """Fetch the ref from the remote `pull`."""
        commit = _named(ref, self._git.run("ls-remote", "--refs", "--", self._pull, ref))
        self._git.run("fetch", *_FETCH_OPTIONS, "--", self._pull, ref)
        return commit

    def refresh(self) -> None:
        """Fetch the branches of both remotes, and nothing else of theirs."""
        for remote in dict.fromkeys((self._push, self._pull)):
            refspec = f"+{_HEADS}*:refs/remotes/{remote}/*"
            self._git.run("fetch", *_FETCH_OPTIONS, "--", remote, refspec)

    def _on_fork(self, move: Move) -> Move:
        """Return what the move is for a fork, as of the last refresh: it may be behind."""
        at_fork = listing(self._git, f"refs/remotes/{self._push}/").get(move.branch)
        if move.old is None or move.new is None or at_fork == move.old:
            return move
        if at_fork is not None:
            question = ("merge-base", "--is-ancestor", "--end-of-options", at_fork, move.new)
            if self._git.ask(*question, codes=(0, 1)).code:
                raise ForkAhead(move.branch, self._push)
        return replace(move, old=at_fork)

    def _explain(self, moves: Sequence[Move], answer: Answer) -> None:
        """Raise why the push failed, unless what it was to do is done already."""
        refusals = _refusals(answer.output)
        for branch, reason in refusals.items():
            if "declined" in reason:
                raise HookRefused(branch, _said_by_remote(answer.stderr) or reason)
        present = self._present(moves)
        if all(present.get(move.branch) == move.new for move in moves):
            return
        self._refuse_missing(moves, present)
        _refuse_lost_race(moves, present)
        failure = GitFailed(["push", self._push], answer.code, answer.stderr)
        cause = diagnosis(failure)
        if cause is failure:
            for branch, reason in refusals.items():
                said = f"{reason}\n{_said_by_remote(answer.stderr)}".strip()
                raise PushRefused(branch, said) from failure
        raise cause from failure

    def _refuse_missing(self, moves: Sequence[Move], present: Mapping[str, Commit]) -> None:
        """Tell a fork that never had the branch from a race."""
        missing = [move for move in moves if move.old and move.branch not in present]
        if missing and self._push != self._pull:
            raise BranchMissing(missing[0].branch, self._push)

    def _present(self, moves: Iterable[Move]) -> Mapping[str, Commit]:
        """Return where the branches are on the remote."""
        refs = [_HEADS + move.branch for move in moves]
        answer = self._git.run("ls-remote", "--refs", "--", self._push, *refs)
        pairs = [line.split("\t") for line in answer.splitlines()]
        return {ref.removeprefix(_HEADS): Commit(id_) for id_, ref in pairs}


def _named(ref: str, answer: str) -> Commit:
    """Return the commit of exactly this ref from lines of a commit and a ref each."""
    for line in answer.splitlines():
        commit, name = line.split(maxsplit=1)
        if name == ref:
            return Commit(commit)
    raise NoSuchRef(ref)


def listing(git: Git, namespace: str) -> Mapping[str, Commit]:
    """Return the commits of the refs below `namespace`, by the rest of their names, sorted."""
    # A symbolic ref is another name for a branch (refs/remotes/origin/HEAD), not a branch.
    form = "--format=%(if)%(symref)%(then)%(else)%(objectname) %(refname)%(end)"
    lines = git.run("for-each-ref", form, namespace).split("\n")
    pairs = [line.split(" ") for line in lines if line]
    return {
        ref.removeprefix(namespace): Commit(id_) for id_, ref in sorted(pairs, key=itemgetter(1))
    }


def _update(git: Git, updates: Iterable[tuple[str, str, str]]) -> None:
    """Set each ref to a new id from an old one ("": whatever it is); all of them or none."""
    lines = [f"update {ref}\0{new}\0{old}\0" for ref, new, old in updates]
    git.run("update-ref", "-z", "--stdin", data="".join(lines).encode(errors="surrogateescape"))


def _refuse_lost_race(moves: Iterable[Move], present: Mapping[str, Commit]) -> None:
    for move in moves:
        if present.get(move.branch) not in {move.old, move.new}:
            raise Moved(move.branch)


def _refspecs(remote: str, moves: Iterable[Move]) -> list[str]:
    leases = [f"--force-with-lease={_HEADS}{move.branch}:{move.old or ''}" for move in moves]
    return [*leases, "--", remote, *(f"{move.new or ''}:{_HEADS}{move.branch}" for move in moves)]


def _refusals(porcelain: str) -> dict[str, str]:
    """Return the reason for each branch that a push did not move.

    The lines look like `!<tab>FROM:refs/heads/BRANCH<tab>[remote rejected] (REASON)`.
    """
    lines = [line.split("\t") for line in porcelain.splitlines() if line.startswith("!\t")]
    return {refs.partition(":")[2].removeprefix(_HEADS): reason for _, refs, reason in lines}


def _said_by_remote(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.startswith("remote: ")]
    return "\n".join(line.removeprefix("remote: ").rstrip() for line in lines).strip()
