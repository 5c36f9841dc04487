"""What is left to do after an event was merged: by us, by the forge, or by a person's button.

On a forge a job's own push starts nothing, so what it must lead to is asked for. All of it is asked
for again by a later run if one was killed: it follows from where the branches are.
"""

from contextlib import suppress
from itertools import islice
from typing import Final

from tufline.repository.forge import Task
from tufline.repository.history import Commit, CommitInfo, History, Move, Moved
from tufline.repository.jobs._events import EVENT_PREFIX, MAIN, PUBLISH
from tufline.repository.jobs.place import Place
from tufline.repository.state import same

_MOST_COMMITS: Final = 100


def is_merged(history: History, main: Commit, head: Commit) -> bool:
    """Whether an event's branch holds no commit that main lacks, but once did."""
    return main != head and history.contains(main, head)


def delete_branch(place: Place, name: str, head: Commit) -> None:
    """Delete the branch of a merged event, which would stop renewals in silence.

    It stays if somebody has pushed to it, or if main did not take its files: a commit can come to
    main as an ancestor of some other, without what it says.
    """
    history = place.history
    is_there = history.branches(name).get(name) == head
    if is_there and _was_taken(history, history.resolve(MAIN), head):
        with suppress(Moved):
            history.move([Move(branch=name, old=head, new=None)])


def finish(place: Place, name: str) -> None:
    """Ask for what the merge must lead to, and stop showing the event; in this order."""
    request_online_signing(place)
    request_other_events(place, name)
    place.forge.forget(name)


def request_online_signing(place: Place) -> None:
    """Have main signed online, if publish does not have it yet."""
    main = place.history.resolve(MAIN)
    publish = place.history.branches(PUBLISH).get(PUBLISH)
    if publish is None or not place.history.contains(publish, main):
        place.forge.request(Task.ONLINE_SIGN)


def request_other_events(place: Place, name: str) -> None:
    """Have the other events looked at, if any is shown as it was before main went on."""
    main = place.history.resolve(MAIN)
    shown = place.forge.statuses()
    is_open = place.history.branches(EVENT_PREFIX)
    if any(shown[each].main != main for each in is_open if each in shown and each != name):
        place.forge.request(Task.SIGNING_EVENT)


def _was_taken(history: History, main: Commit, head: Commit) -> bool:
    """Whether the files of `head` came to main with it, looking back for a while."""
    merge = _merge_of(history, main, head)
    if merge is None or merge.id == head:
        return merge is not None
    bases = history.merge_bases(merge.parents[0], head)
    files = history.files(merge.id)
    own = history.files(head).since(history.files(bases[0])) if len(bases) == 1 else ()
    return len(bases) == 1 and all(same(files.find(each.path), each.after) for each in own)


def _merge_of(history: History, main: Commit, head: Commit) -> CommitInfo | None:
    """Return the commit with which `head` came to main."""
    merge = None
    for info in islice(history.first_parents(main), _MOST_COMMITS):
        if not history.contains(info.id, head):
            return merge
        merge = info
    return None
