"""The roots that clients may hold."""

from tufline.repository.format import Document
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
