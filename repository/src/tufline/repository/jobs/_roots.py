"""The roots that clients may hold."""

from tufline.repository.format import Document
from tufline.repository.history import History
from tufline.repository.jobs._events import MAIN, PUBLISH
from tufline.repository.review import LocalKeys, oldest_verifying_root
from tufline.repository.settings import Settings
from tufline.repository.state import State


def oldest_root(state: State, settings: Settings) -> int:
    """Return the oldest root that clients may hold: as set, or the oldest that verifies.

    A repository that moved over may hold older ones that no client can follow any more.
    """
    newest = state.root()
    if not isinstance(newest, Document):
        return 1
    if settings.review.oldest_root is not None:
        return min(settings.review.oldest_root, newest.signed.version)
    return oldest_verifying_root(state, newest, LocalKeys())


def is_started(history: History) -> bool:
    """Whether there is anything to sign online: a root on main, or something published."""
    branches = history.branches()
    main = branches.get(MAIN)
    return PUBLISH in branches or (
        main is not None and State(history.files(main)).root() is not None
    )
