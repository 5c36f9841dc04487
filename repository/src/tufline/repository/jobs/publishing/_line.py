"""The line of states that the publish branch was at, and where in it a place is."""

from collections.abc import Callable, Iterator

from tufline.repository.format import TIMESTAMP, metadata_path
from tufline.repository.history import Commit, History
from tufline.repository.jobs._head import Head
from tufline.repository.jobs.publishing._lanes import timestamp_version
from tufline.repository.publish import Store, observed, published_bytes
from tufline.repository.review import brings_new_targets
from tufline.repository.state import State


def line_of(history: History, commit: Commit) -> Iterator[tuple[Commit, State]]:
    """Yield the commits of the publish branch and their states, newest first, as asked for."""
    for info in history.first_parents(commit):
        yield info.id, State(history.files(info.id))


def state_in_store(history: History, store: Store, head: Head) -> State | None:
    """Return the state whose timestamp the store holds; None where there is none."""
    data = observed(store, head.layout).timestamp_data
    found = with_timestamp(history, head.commit, data) if data else None
    return found[1] if found else None


def with_timestamp(history: History, commit: Commit, data: bytes) -> tuple[Commit, State] | None:
    """Return the commit in the line of `commit`, and its state, that publishes this timestamp.

    The commits of an import hold the timestamp of another repository, for its version alone.
    """

    def is_there(state: State) -> bool:
        timestamp = state.read(metadata_path(TIMESTAMP))
        is_same = timestamp is not None and published_bytes(timestamp) == data
        return is_same and not brings_new_targets(state)

    return _oldest(line_of(history, commit), is_there)


def state_at_url(history: History, head: Head, timestamp: int) -> State | None:
    """Return the state whose timestamp has the version that clients get; None if there is none."""
    found = _oldest(
        line_of(history, head.commit),
        lambda state: timestamp_version(state) == timestamp and not brings_new_targets(state),
    )
    return found[1] if found else None


def _oldest(
    line: Iterator[tuple[Commit, State]], is_there: Callable[[State], bool]
) -> tuple[Commit, State] | None:
    """Return the oldest of several in a row: others came later, and perhaps not from us."""
    found = None
    for commit, state in line:
        if is_there(state):
            found = commit, state
        elif found:
            break
    return found
