"""Job: merge a signing event that is ready into main, as exactly the tree that was judged."""

from tufline.repository.errors import Refusal
from tufline.repository.history import Author, Commit, Move, NoSuchRef
from tufline.repository.jobs._events import MAIN, load_event
from tufline.repository.jobs.place import Place
from tufline.repository.review import Ready, Review


class NotReady(Refusal):
    """The event may not be merged (yet)."""

    hint = "`tufline review --base main --event EVENT` says what it needs"

    def __init__(self, event: str, review: Review) -> None:
        super().__init__(f"{event} is {review.verdict.word}, so it is not merged")
        self.review = review


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
    commit = place.history.write(
        tree=event.main,
        changes=event.changes(),
        parents=[event.main, event.head],
        message=f"Merge signing event {name}",
        author=author or event.settings.committer,
        when=place.now,
    )
    place.history.move(
        [Move(branch=MAIN, old=event.main, new=commit), Move(branch=name, old=event.head, new=None)]
    )
    place.forge.forget(name)
    return commit
