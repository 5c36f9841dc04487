"""The commits that a merge brought to a branch."""

from collections import deque
from collections.abc import Iterator

from tufline.repository.history import Commit, CommitInfo, History


def own_commits(history: History, base: Commit, heads: tuple[Commit, ...]) -> Iterator[CommitInfo]:
    """Yield the commits that lead to `heads` and that `base` does not have, the newest first."""
    waiting, seen = deque(heads), set(heads)
    while waiting:
        commit = waiting.popleft()
        if not history.contains(base, commit):
            info = history.info(commit)
            yield info
            waiting.extend(each for each in info.parents if each not in seen)
            seen.update(info.parents)
