"""What clients get now, and whether that is the head of the publish branch."""

from tufline.repository.format import ROOT, TIMESTAMP, Document
from tufline.repository.history import History
from tufline.repository.jobs._events import PUBLISH
from tufline.repository.jobs._head import Head, production_of, publish_head
from tufline.repository.jobs.place import OpenStore
from tufline.repository.jobs.publishing._lanes import Lane, lane_between
from tufline.repository.jobs.publishing._line import state_at_url, state_in_store
from tufline.repository.jobs.publishing._outside import OUTSIDE, Outside
from tufline.repository.jobs.publishing._visible import look
from tufline.repository.publish import (
    Deployed,
    StoreFailed,
    observed,
    published_bytes,
)
from tufline.repository.publish import open_store as open_any_store
from tufline.repository.review import VerifierFor, keys_alone
from tufline.repository.state import State


def deployed_now(
    history: History,
    *,
    open_store: OpenStore = open_any_store,
    outside: Outside = OUTSIDE,
    verifiers: VerifierFor = keys_alone,
) -> Deployed:
    """Return what clients get from the production store; nothing where that cannot be seen.

    Where none is set, as with GitHub Pages, the public URL is asked: what is found there is what
    publish held once, and its signatures verify.

    Then online signing goes on without: the place may be a wrong setting, and only a run that takes
    a better one mends that. Publishing says what is wrong with the store.
    """
    if PUBLISH not in history.branches(PUBLISH):
        return Deployed()
    head = publish_head(history, verifiers=verifiers)
    try:
        if head.settings.publish.production is None:
            return _deployed_at_url(history, head, outside)
        return observed(production_of(head, open_store), head.layout)
    except Exception:  # noqa: BLE001 - as above, whatever a store's library raises
        return Deployed()


def deployed_state(
    history: History,
    *,
    open_store: OpenStore = open_any_store,
    outside: Outside = OUTSIDE,
    verifiers: VerifierFor = keys_alone,
) -> State | None:
    """Return the state that clients get: at the URL, or where none is set from production.

    None where what is there never was the publish branch's, or cannot be read. Raises
    `NowhereToPublish`.
    """
    head = publish_head(history, verifiers=verifiers)
    seen = look(head, outside)
    if seen is not None:
        return state_at_url(history, head, seen.versions[TIMESTAMP])
    try:
        return state_in_store(history, production_of(head, open_store), head)
    except (StoreFailed, OSError):
        return None


def _deployed_at_url(history: History, head: Head, outside: Outside) -> Deployed:
    seen = look(head, outside)
    state = state_at_url(history, head, seen.versions[TIMESTAMP]) if seen else None
    timestamp, snapshot = (state.timestamp(), state.snapshot()) if state else (None, None)
    if seen is None or not isinstance(timestamp, Document) or not isinstance(snapshot, Document):
        return Deployed()
    return Deployed(
        root=seen.versions[ROOT],
        timestamp_data=published_bytes(timestamp.data),
        timestamp=timestamp,
        snapshot=snapshot,
    )


def is_behind(
    history: History,
    *,
    open_store: OpenStore = open_any_store,
    outside: Outside = OUTSIDE,
    verifiers: VerifierFor = keys_alone,
) -> bool:
    """Whether clients do not get the head of publish, so that publishing has something to do.

    The URL says so, or where none is set the production store. Raises `NowhereToPublish`; a store
    that cannot be read is not called behind.
    """
    head = publish_head(history, verifiers=verifiers)
    seen = look(head, outside)
    if seen is not None:
        return seen.differs(head) is not None
    production = production_of(head, open_store)
    try:
        held = state_in_store(history, production, head)
    except (StoreFailed, OSError):
        return False
    return lane_between(held, head.state) is not Lane.NOTHING
