"""Job: merge a signing event that is ready into main, as exactly the tree that was judged."""

from tufline.repository.errors import Refusal
from tufline.repository.history import Author, Commit, Move, NoSuchRef
from tufline.repository.jobs._after_merge import delete_branch, finish, is_merged
from tufline.repository.jobs._events import MAIN, Event, event_between, load_event
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
    """Merge the event, delete its branch, have done what follows, and return main's commit.

    Running it again finishes what a run that was killed has begun.

    Raises:
        NotReady: the event may not be merged.
        Moved: main or the event moved meanwhile, and nothing happened.
        MergedOtherwise, MergeRefused: by the forge.
        NoSuchRef: there is no such event (any more).
    """
    place.history.refresh()
    try:
        commit = merge_branch(place, name, author=author)
    except NoSuchRef:  # over: perhaps merged by a run that was killed before it told anybody
        finish(place, name)
        raise
    finish(place, name)
    return commit


def merge_branch(place: Place, name: str, *, author: Author | None = None) -> Commit:
    """Do what `merge` does with the branches; what follows is left to do."""
    event = load_event(place.history, name, verifiers=place.verifiers)
    if is_merged(place.history, event.main, event.head):
        commit = event.main
    else:
        commit = _merge(place, event, author or event.settings.committer)
    delete_branch(place, name, event.head)
    return commit


def _merge(place: Place, event: Event, author: Author) -> Commit:
    _expect_ready(event, place)
    message = f"Merge signing event {event.name}"
    commit = place.forge.merge(event.name, head=event.head, message=message)
    if commit is None:
        return _merge_here(place, event, message, author)
    place.history.refresh()
    _expect_as_judged(place, event, commit)
    return commit


def _merge_here(place: Place, event: Event, message: str, author: Author) -> Commit:
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


def _expect_ready(event: Event, place: Place) -> None:
    review = event.review(now=place.now)
    if not isinstance(review.verdict, Ready):
        raise NotReady(event.name, review)


def _expect_as_judged(place: Place, event: Event, commit: Commit) -> None:
    """See that the forge, which merges lines of text, made the very files that were judged.

    Where somebody else moved main meanwhile, judged is what that makes of the event.
    """
    parents = place.history.info(commit).parents
    if parents and parents[0] != event.main:
        main, head = parents[0], event.head
        event = event_between(place.history, main, head, name=event.name, verifiers=place.verifiers)
    ready = isinstance(event.review(now=place.now).verdict, Ready)
    if not ready or any(place.history.files(commit).since(event.proposed.files)):
        raise MergedOtherwise(event.name, commit)
