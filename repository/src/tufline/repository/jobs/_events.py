"""Signing events as git has them: a `sign/*` branch, read as the tree that merging would give."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from tufline.repository.errors import UserError
from tufline.repository.history import Commit, History, NoSuchRef
from tufline.repository.review import (
    KeyVerifier,
    Lineage,
    LocalKeys,
    Review,
    VerifierFor,
    keys_alone,
    review,
)
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import Difference, Entry, Files, MemoryFiles, Overlay, State, same

MAIN = "main"
PUBLISH = "publish"
EVENT_PREFIX = "sign/"


class NotAnEvent(UserError):
    """The name is not that of a signing event."""

    hint = "the name of a signing event starts with sign/; `tufline events` lists the open ones"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not a signing event")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A change that is proposed.

    Attributes:
        main: the head of main, which is known good.
        head: the head of the event's branch; main where there is no branch yet.
        is_new: whether there is no branch yet.
        behind: whether main has gone on since the event began, or took it in last.
        known_good: what main says.
        proposed: what main would say after a merge.
        verifier: what verifies signatures, by what known good pins.
    """

    name: str
    main: Commit
    head: Commit
    behind: bool
    known_good: State
    proposed: State
    lineage: Lineage
    settings: Settings
    is_new: bool = False
    verifier: KeyVerifier = field(default_factory=LocalKeys)

    def changes(self) -> dict[str, Entry | None]:
        """Return what a merge does to main: the new file by path, None where one goes."""
        differences = self.proposed.files.since(self.known_good.files)
        return {change.path: change.after for change in differences}

    def review(self, *, now: datetime) -> Review:
        """Judge the event as it is."""
        return self.review_of(self.proposed, now=now)

    def review_of(self, proposed: State, *, now: datetime) -> Review:
        """Judge the event as it would be with `proposed` in place of what it holds."""
        return review(
            self.known_good,
            proposed,
            now=now,
            policy=self.settings.policy,
            lineage=self.lineage,
            verifier=self.verifier,
        )


def load_event(history: History, name: str, *, verifiers: VerifierFor = keys_alone) -> Event:
    """Return the event of a branch, judged by `verifiers`; raise `NotAnEvent`, `NoSuchRef`."""
    if not name.startswith(EVENT_PREFIX):
        raise NotAnEvent(name)
    head = history.branches(name).get(name)
    if head is None:  # a tag of that name is no event
        raise NoSuchRef(name)
    return event_between(history, history.resolve(MAIN), head, name=name, verifiers=verifiers)


def new_event(history: History, name: str, *, verifiers: VerifierFor = keys_alone) -> Event:
    """Return the event of a branch that does not exist yet: main, unchanged."""
    if not name.startswith(EVENT_PREFIX):
        raise NotAnEvent(name)
    main = history.resolve(MAIN)
    event = event_between(history, main, main, name=name, verifiers=verifiers)
    return replace(event, is_new=True)


def open_event(history: History, name: str, *, verifiers: VerifierFor = keys_alone) -> Event:
    """Return the event of a branch, or a new one if there is no such branch."""
    try:
        return load_event(history, name, verifiers=verifiers)
    except NoSuchRef:
        return new_event(history, name, verifiers=verifiers)


def event_between(
    history: History,
    main: Commit,
    head: Commit,
    *,
    name: str,
    verifiers: VerifierFor = keys_alone,
) -> Event:
    """Return the change that merging `head` into `main` would be."""
    known_good = State(history.files(main))
    proposed, lineage = _merged(history, known_good.files, main, head)
    return Event(
        name=name,
        main=main,
        head=head,
        behind=not history.contains(head, main),
        known_good=known_good,
        proposed=State(proposed),
        lineage=lineage,
        settings=read_settings(known_good),
        # Never by what is proposed: else an event could bring the trust in a Sigstore by which its
        # own signatures verify, and anybody would be whom they like.
        verifier=verifiers(known_good),
    )


def _merged(history: History, ours: Files, main: Commit, head: Commit) -> tuple[Files, Lineage]:
    """Return the tree that merging `head` into `main`, which holds `ours`, gives, and its lineage.

    Whole files are merged, never their lines: two changes of one metadata file have no sum.
    """
    theirs = history.files(head)
    bases = history.merge_bases(main, head)
    if bases == (main,) or not bases:
        return theirs, Lineage(merge_bases=len(bases))
    changes = tuple(theirs.since(history.files(bases[0])))
    lineage = Lineage(merge_bases=len(bases), stale=tuple(_stale(changes, ours)))
    return Overlay(ours, theirs, changes), lineage


def with_files(files: Files, contents: dict[str, bytes | None]) -> Files:
    """Return a tree with some files replaced or, where None, removed."""
    top = MemoryFiles({path: data for path, data in contents.items() if data is not None})
    changes = [Difference(path, files.find(path), top.find(path)) for path in contents]
    return Overlay(files, top, changes)


def _stale(changes: tuple[Difference, ...], ours: Files) -> Iterator[str]:
    """Yield the paths that main has changed too since the merge base, to something else."""
    for change in changes:
        current = ours.find(change.path)
        if not same(current, change.before) and not same(current, change.after):
            yield change.path
