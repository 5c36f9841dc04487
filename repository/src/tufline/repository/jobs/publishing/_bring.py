"""Bringing a store to a state, and letting clients try it first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tufline.repository.clients import Read
from tufline.repository.errors import TuflineError
from tufline.repository.history import History
from tufline.repository.jobs._head import Head, NotPublished, judge, publish_head
from tufline.repository.jobs.publishing._lanes import Lane, renewal_of
from tufline.repository.jobs.publishing._line import line_of, state_in_store
from tufline.repository.jobs.publishing._outside import Outside
from tufline.repository.jobs.publishing._trial import expect_client, expect_clients
from tufline.repository.publish import NO_PAGES, Deployment, Progress, Store, deploy
from tufline.repository.state import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """How clients try a store.

    Attributes:
        name: how the store is called.
        lane: what changes for clients: new content is tried by all that the settings name.
        url: where clients reach it; None: only through the store.
        published: reads what clients have now, or its URL; None where they have nothing.
    """

    name: str
    lane: Lane
    url: str | None = None
    published: Read | str | None = None


def bring(
    history: History,
    store: Store,
    head: Head,
    *,
    before: State | None = None,
    now: datetime | None = None,
    pages: Mapping[str, bytes] = NO_PAGES,
    progress: Progress | None = None,
) -> Deployment:
    """Bring a store to the head, and put the pages beside it. May raise all that `deploy` does.

    `before` is what the store held a while ago, if that is known: `deploy` looks whether it does.
    """
    return deploy(
        store,
        before or state_in_store(history, store, head),
        head.state,
        layout=head.layout,
        emergency=head.emergency,
        verifier=head.verifier,
        pages=pages,
        progress=progress,
        now=now,
    )


def mended(history: History, store: Store, head: Head) -> bool:
    """Put back what a store lacks of the state whose timestamp it holds; return whether it did.

    Bringing a store to a state does not look at what that timestamp leads to already; this does.
    Where it fails, what the client said stands.
    """
    try:
        held = state_in_store(history, store, head)
        if held is None:
            return False
        done = deploy(
            store,
            None,
            held,
            layout=head.layout,
            emergency=head.emergency,
            verifier=head.verifier,
        )
    except TuflineError:
        return False
    return done.written > 0


def try_store(
    read: Read, head: Head, trial: Trial, *, now: datetime, outside: Outside
) -> tuple[str, ...]:
    """Let clients use what `read` gives; raise `ClientRefused`. Return what says nothing of it."""
    is_new = trial.lane is Lane.CONTENT
    expect_client(read, head, name=trial.name, now=now, from_all_roots=is_new)
    if not is_new:
        return ()
    return expect_clients(
        read,
        head,
        name=trial.name,
        url=trial.url,
        published=trial.published,
        now=now,
        outside=outside,
    )


def renewal(history: History, head: Head, held: State | None, *, now: datetime) -> Head | None:
    """Return what keeps clients fresh which hold `held`, in place of the head; None if nothing."""
    if held is None:
        return None
    commit = renewal_of(held, line_of(history, head.commit))
    if commit is None:
        return None
    fresh = publish_head(history, commit, verifiers=head.verifiers)
    try:
        judge(fresh, now=now)
    except NotPublished:
        return None
    return fresh
