"""Job: merge a signing event that is ready into main, as exactly the tree that was judged."""

from tufline.repository.errors import Refusal
from tufline.repository.history import Author, Commit, Move, NoSuchRef
from tufline.repository.jobs._events import MAIN, Event, load_event
from tufline.repository.jobs.place import Place
from tufline.repository.review import Ready, Review


class NotReady(Refusal):
    """The event may not be merged (yet)."""

    hint = "`tufline review --base main --event EVENT` says what it needs"

    def __init__(self, event: str, review: Review) -> None:
        super().__init__(f"{event} is {review.verdict.word}, so it is not merged")
        self.review = review


class MergedOtherwise(Refusal):
    """The forge merged something else than what was judged."""

    hint = "main is reviewed before anything is signed online; look at it, and revert it if need be"

    def __init__(self, event: str, commit: Commit) -> None:
        super().__init__(f"{event} was merged as {commit}, which differs from what was judged")


def merge(place: Place, name: str, *, author: Author | None = None) -> Commit:
    """Merge the event, delete its branch, and return main's new head.

    Raises `NotReady`; raises `Moved` if main or the event moved meanwhile: nothing happened then.
    Raises `NoSuchRef` if there is no such event (any more).
    """
    try:
        event = load_event(place.history, name)
    except NoSuchRef:  # over: perhaps merged by a run that was killed before it got to the forge
        place.forge.forget(name)
        raise
    review = event.review(now=place.now)
    if not isinstance(review.verdict, Ready):
        raise NotReady(name, review)
    message = f"Merge signing event {name}"
    commit = place.forge.merge(name, head=event.head, message=message)
    if commit is None:
        commit = _merge(place, event, message, author or event.settings.committer)
    else:
        _expect_as_judged(place, event, commit)
    place.forge.forget(name)
    return commit


def _merge(place: Place, event: Event, message: str, author: Author) -> Commit:
    commit = place.history.write(
        tree=event.main,
        changes=event.changes(),
        parents=[event.main, event.head],
        message=message,
        author=author,
        when=place.now,
    )
    main = Move(branch=MAIN, old=event.main, new=commit)
    place.history.move([main, Move(branch=event.name, old=event.head, new=None)])
    return commit


def _expect_as_judged(place: Place, event: Event, commit: Commit) -> None:
    """See that the forge, which merges lines of text, made the very files that were judged."""
    place.history.refresh()
    if any(place.history.files(commit).since(event.proposed.files)):
        raise MergedOtherwise(event.name, commit)
    if event.name in place.history.branches(event.name):
        place.history.move([Move(branch=event.name, old=event.head, new=None)])
