"""The roots that clients may hold."""

from tufline.repository.format import ROOT, Document
from tufline.repository.review import LocalKeys, tally
from tufline.repository.settings import Settings
from tufline.repository.state import LoadedRoot, State, delegation_of


def oldest_root(state: State, settings: Settings) -> int:
    """Return the oldest root that clients may hold: as set, or the oldest that verifies.

    A repository that moved over may hold older ones that no client can follow any more.
    """
    newest = state.root()
    version = newest.signed.version if isinstance(newest, Document) else 1
    if settings.review.oldest_root is not None:
        return min(settings.review.oldest_root, version)
    while version > 1 and _leads_to(state.historic_root(version - 1), state, version):
        version -= 1
    return version


def _leads_to(before: LoadedRoot, state: State, version: int) -> bool:
    """Whether `before` is sound and signs root `version` (TUF specification, 5.3.4 and 5.3.5)."""
    link = state.historic_root(version)
    delegation = delegation_of(ROOT, before, ROOT)
    if delegation is None or not isinstance(before, Document) or not isinstance(link, Document):
        return False
    return all(tally(each, delegation, LocalKeys()).met for each in (before, link))
