"""Job: record each signing event that was merged: who proposed what, why, and who signed it.

Records are files of the branch `records`, which is never merged, and which nothing is decided by.
They follow from git alone, but for what the forge says, and are made again by whoever doubts them.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from typing import Any, Final

from tufline.repository.format import (
    CONTENT_FOLDERS,
    ONLINE_ROLES,
    metadata_path,
)
from tufline.repository.history import Commit, CommitInfo, History, Move
from tufline.repository.jobs._events import MAIN, event_between
from tufline.repository.jobs._own_commits import own_commits
from tufline.repository.jobs._statement import MergedEvent, statement, time_text
from tufline.repository.jobs.place import Place
from tufline.repository.review import review_json
from tufline.repository.settings import InvalidSettings, read_settings
from tufline.repository.state import PLAIN, Difference, MemoryFiles, State

RECORDS: Final = "records"

_MOST_COMMITS_OF_MAIN: Final = 500
_MOST_COMMITS_OF_AN_EVENT: Final = 200
_ONLINE: Final = frozenset(map(metadata_path, ONLINE_ROLES))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Record:
    merge: Commit
    data: bytes


def record(place: Place) -> tuple[Commit, ...]:
    """Record the events that were merged since the newest record; return their merge commits.

    One commit holds all of them, so that who is killed leaves none out. Looks at the newest 500
    commits of main at most. Raises `Moved` if another run was faster, `ForgeFailed`.
    """
    history = place.history
    history.refresh()
    if MAIN not in history.branches(MAIN):
        return ()
    old = history.branches(RECORDS).get(RECORDS)
    made = tuple(_unrecorded(place, old))
    if made:
        new = history.write(
            tree=old,
            changes={record_path(each.merge): each.data for each in made},
            parents=[old] if old else [],
            message="\n".join(["Record merged signing events", "", *(each.merge for each in made)]),
            author=read_settings(State(history.files(history.resolve(MAIN)))).committer,
            when=place.now,
        )
        history.move([Move(branch=RECORDS, old=old, new=new)])
    return tuple(each.merge for each in made)


def record_path(merge: Commit) -> str:
    """Return where the record of a merge is."""
    return f"events/{merge}.intoto.json"


def _unrecorded(place: Place, records: Commit | None) -> Iterator[_Record]:
    """Yield the records that are missing, newest first."""
    files = place.history.files(records) if records else MemoryFiles({})
    line = place.history.first_parents(place.history.resolve(MAIN))
    for info in islice(line, _MOST_COMMITS_OF_MAIN):
        if files.find(record_path(info.id)):
            return
        changed = _changed(place.history, info)
        if any(_is_content(each.path) for each in changed):
            event = _merged_event(place, info)
            if event is not None:
                yield _Record(merge=info.id, data=_statement(place, event, changed))


def _changed(history: History, info: CommitInfo) -> tuple[Difference, ...]:
    """Return what the commit changed on main; nothing for main's first commit."""
    if not info.parents:
        return ()
    return tuple(history.files(info.id).since(history.files(info.parents[0])))


def _is_content(path: str) -> bool:
    return path.startswith(CONTENT_FOLDERS) and path not in _ONLINE


def _merged_event(place: Place, info: CommitInfo) -> MergedEvent | None:
    """Return the event that a commit on main merged; None where nothing tells of one."""
    base, *others = info.parents
    heads = tuple(each for each in others if not place.history.contains(base, each))
    forge = place.forge.facts(info.id)
    if not heads and forge.url is None:
        return None
    commits = tuple(islice(own_commits(place.history, base, heads), _MOST_COMMITS_OF_AN_EVENT + 1))
    kept = commits[:_MOST_COMMITS_OF_AN_EVENT]
    return MergedEvent(
        merge=info,
        base=base,
        heads=heads,
        commits=kept[::-1] or (info,),
        omitted=kept != commits,
        forge=forge,
    )


def _statement(place: Place, event: MergedEvent, changed: tuple[Difference, ...]) -> bytes:
    entries = [each.after for each in changed if each.after and each.after.kind in PLAIN]
    contents = place.history.files(event.merge.id).read_many(entries)
    return statement(
        event,
        digests={entry.path: hashlib.sha256(data).hexdigest() for entry, data in contents},
        others={
            each.path: each.after.kind.value if each.after else "removed"
            for each in changed
            if each.after not in entries
        },
        review=_review(place, event),
        version=version("tufline-repository"),
    )


def _review(place: Place, event: MergedEvent) -> dict[str, Any]:
    """Return what review says of what main got, as of the merge."""
    head = event.heads[0] if event.heads else event.merge.id
    at = {"at": time_text(event.merge.when)}
    try:
        proposal = event_between(
            place.history, event.base, head, name=event.merge.id, verifiers=place.verifiers
        )
    except InvalidSettings as error:  # a push to main may have left any
        return {**at, "error": str(error)}
    merged = State(place.history.files(event.merge.id))
    found = proposal.review_of(merged, now=event.merge.when)
    tree: dict[str, Any] = json.loads(review_json(found, base=event.base, event=event.merge.id))
    return {**at, **tree}
