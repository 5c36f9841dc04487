"""Publish: close the gap between the head of the publish branch and what clients get."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.cdn import PurgeFailed
from tufline.repository.errors import TuflineError
from tufline.repository.format import TIMESTAMP, Document, metadata_path
from tufline.repository.history import Commit, History
from tufline.repository.jobs._head import (
    Head,
    judge,
    production_of,
    publish_head,
)
from tufline.repository.jobs.place import OpenStore
from tufline.repository.jobs.publishing._bring import Trial, bring, mended, renewal, try_store
from tufline.repository.jobs.publishing._lanes import (
    Lane,
    lane_between,
    timestamp_version,
)
from tufline.repository.jobs.publishing._line import line_of, state_in_store
from tufline.repository.jobs.publishing._outside import OUTSIDE, Outside
from tufline.repository.jobs.publishing._pages import site_pages
from tufline.repository.jobs.publishing._preview import preview
from tufline.repository.jobs.publishing._trial import (
    ClientRefused,
    expect_client,
    reader,
)
from tufline.repository.jobs.publishing._visible import (
    Seen,
    Visibility,
    expect_not_newer,
    look,
    make_visible,
)
from tufline.repository.publish import (
    Deployment,
    Progress,
    Store,
)
from tufline.repository.publish import open_store as open_any_store
from tufline.repository.review import VerifierFor, keys_alone
from tufline.repository.state import State

_PURGED_AGAIN_FOR: Final = timedelta(hours=12)
"""How long after it was signed a state's names are purged again by each run.

Nothing tells a run whether one before it reached the caches; and they may be many, of which we see
one. Publishing is asked for every six hours, so at least one more run tells them. After that, who
knows of a failure has to say so: the open problem of a tick does, and a person.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What was done, by place: how many files were written and left.

    Attributes:
        lane: what changed for clients of the production store.
        inconclusive: what clients said that says nothing of the repository, and why there is no
            new page, if so.
        visible: whether something had to be done so that clients get it; None without a URL.
        not_purged: why caches could not be told, if so. All is published and visible from here.
    """

    commit: Commit
    staging: Deployment | None
    production: Deployment
    lane: Lane = Lane.NOTHING
    inconclusive: tuple[str, ...] = ()
    visible: bool | None = None
    not_purged: PurgeFailed | None = None

    @property
    def acted(self) -> bool:
        """Whether there was anything to do."""
        places = (self.staging, self.production)
        return any(each and each.written for each in places) or bool(self.visible)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Work:
    """One publication: what, over what, and by which means. `held` is what the store holds now."""

    history: History
    head: Head
    production: Store
    held: State | None
    seen: Seen | None
    now: datetime
    outside: Outside
    progress: Progress | None
    tell_caches: Callable[[], bool] = lambda: False
    problems: list[str] = field(default_factory=list)

    @property
    def lane(self) -> Lane:
        return lane_between(self.held, self.head.state)


def publish(
    history: History,
    *,
    now: datetime,
    open_store: OpenStore = open_any_store,
    outside: Outside = OUTSIDE,
    progress: Progress | None = None,
    verifiers: VerifierFor = keys_alone,
    tell_caches: Callable[[], bool] = lambda: False,
) -> Published:
    """Publish the head of the publish branch. Running it again mends what is missing.

    Args:
        history: where the publish branch is.
        now: the clients' time.
        open_store: opens the stores that the settings name.
        outside: how to look at the URL, tell caches, and the clients.
        progress: is told how far the production store is.
        verifiers: what verifies signatures; by default the keys in the metadata alone.
        tell_caches: whether caches were not told before, as far as the caller knows. They are told
            of what was signed lately in any case.

    Raises:
        NowhereToPublish, NotPublished, ServesNewer: nothing was written.
        ClientRefused: a client refused the store that the error names; later ones are as before,
            but that clients got the newest timestamp there is over what they have.
        NotVisible: it is published, and clients do not get it yet.
    """
    history.refresh()
    head = publish_head(history, verifiers=verifiers)
    work = _begun(history, head, now, open_store, outside, progress)
    work = replace(work, tell_caches=tell_caches)
    try:
        staged, inconclusive = _sound(work, open_store)
    except ClientRefused as refusal:
        meanwhile = _kept_fresh(work)
        raise ClientRefused(refusal.store, refusal.reason, meanwhile=meanwhile) from refusal
    done, visible = _released(work, work.head)
    return Published(
        commit=work.head.commit,
        staging=staged,
        production=done,
        lane=work.lane,
        inconclusive=(*inconclusive, *dict.fromkeys(work.problems)),
        visible=visible.acted,
        not_purged=visible.not_purged,
    )


def _begun(
    history: History,
    head: Head,
    now: datetime,
    open_store: OpenStore,
    outside: Outside,
    progress: Progress | None,
) -> _Work:
    """Judge what is to be published, and see what is there."""
    production = production_of(head, open_store)
    judge(head, now=now)
    seen = look(head, outside)
    expect_not_newer(seen, head)
    held = state_in_store(history, production, head)
    return _Work(
        history=history,
        head=head,
        production=production,
        held=held,
        seen=seen,
        now=now,
        outside=outside,
        progress=progress,
    )


def _sound(work: _Work, open_store: OpenStore) -> tuple[Deployment | None, tuple[str, ...]]:
    """Do what `_rehearsed` does, once more where stores lacked what they should hold."""
    try:
        return _rehearsed(work, open_store)
    except ClientRefused:
        staging = work.head.settings.publish.staging
        stores = [work.production, *([open_store(staging)] if staging is not None else [])]
        lacked = [mended(work.history, store, work.head) for store in stores]
        if not any(lacked):
            raise
    return _rehearsed(work, open_store)


def _rehearsed(work: _Work, open_store: OpenStore) -> tuple[Deployment | None, tuple[str, ...]]:
    """Let clients try what production will hold: in staging, or without one, as it is in git."""
    settings = work.head.settings.publish
    staged: Deployment | None = None
    if settings.staging is not None:
        store, name = open_store(settings.staging), "staging"
        pages = site_pages(work.history, work.head, now=work.now, problems=work.problems)
        staged = bring(work.history, store, work.head, now=work.now, pages=pages)
        read = reader(store)
    elif work.lane is not Lane.NOTHING:
        read, name = preview(reader(work.production), work.held, work.head), "planned"
    else:
        return None, ()
    trial = Trial(
        name=name,
        lane=work.lane,
        url=settings.staging_url,
        published=reader(work.production) if work.held else None,
    )
    return staged, try_store(read, work.head, trial, now=work.now, outside=work.outside)


def _released(work: _Work, head: Head) -> tuple[Deployment, Visibility]:
    """Bring production to the head, and see that clients get it."""
    pages = site_pages(work.history, head, now=work.now, problems=work.problems)
    done = bring(
        work.history,
        work.production,
        head,
        before=work.held,
        now=work.now,
        pages=pages,
        progress=work.progress,
    )
    try:
        expect_client(reader(work.production), head, name="production", now=work.now)
    except ClientRefused:
        if not mended(work.history, work.production, head):
            raise
        expect_client(reader(work.production), head, name="production", now=work.now)
    visible = make_visible(
        head,
        work.seen,
        work.outside,
        now=work.now,
        deployed=done.written > 0 or _are_told(work, head),
        root_known=_root_known(work, head),
    )
    return done, visible


def _are_told(work: _Work, head: Head) -> bool:
    """Whether caches are told, once more; see `_PURGED_AGAIN_FOR`."""
    if head.settings.publish.purge is None:
        return False
    signed = work.history.info(head.commit).when
    return work.now - signed < _PURGED_AGAIN_FOR or work.tell_caches()


def _root_known(work: _Work, head: Head) -> int:
    """Return the newest root that caches were told of so long ago that all know; 0: none."""
    if head.settings.publish.purge is None or work.tell_caches():
        return 0
    for commit, state in line_of(work.history, head.commit):
        if work.now - work.history.info(commit).when >= _PURGED_AGAIN_FOR:
            root, published = state.root(), state.files.find(metadata_path(TIMESTAMP))
            return root.signed.version if published and isinstance(root, Document) else 0
    return 0


def _kept_fresh(work: _Work) -> str:
    """Publish the newest timestamp over what clients have; say what they have now."""
    try:
        fresh = renewal(work.history, work.head, work.held, now=work.now)
        told = _released(work, fresh)[1].not_purged if fresh else None
    except TuflineError as error:
        return f"; and what clients have could not be renewed: {error.with_hint}"
    state = fresh.state if fresh else work.held
    timestamp = state.timestamp() if state else None
    if state is None or not isinstance(timestamp, Document):
        return ""
    until = timestamp.signed.expires
    kept = f"timestamp version {timestamp_version(state)}, valid until {until:%Y-%m-%d %H:%M} UTC"
    return f"; clients keep what they have, with {kept}" + (f"; {told}" if told else "")
