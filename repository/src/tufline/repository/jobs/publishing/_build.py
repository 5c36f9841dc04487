"""Build what is published into a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tufline.repository.format import TIMESTAMP
from tufline.repository.history import Commit, History
from tufline.repository.jobs._head import Head, judge, publish_head
from tufline.repository.jobs.publishing._bring import Trial, bring, renewal, try_store
from tufline.repository.jobs.publishing._lanes import Lane, lane_between
from tufline.repository.jobs.publishing._line import state_at_url
from tufline.repository.jobs.publishing._outside import OUTSIDE, Outside
from tufline.repository.jobs.publishing._pages import site_pages
from tufline.repository.jobs.publishing._trial import ClientRefused, expect_client, reader
from tufline.repository.jobs.publishing._visible import Seen, expect_not_newer, look
from tufline.repository.jobs.publishing._workflows import check_workflows
from tufline.repository.publish import Deployment, Store
from tufline.repository.review import VerifierFor, keys_alone
from tufline.repository.state import State

_NAME = "built"


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """What a folder was brought to, and how many files were written and left.

    Attributes:
        lane: what changes for clients; None where that was not asked.
        inconclusive: what clients said that says nothing of the repository.
        held_back: why this is not the head: a client refuses that. Others are kept fresh by this.
    """

    commit: Commit
    deployment: Deployment
    lane: Lane | None = None
    inconclusive: tuple[str, ...] = ()
    held_back: ClientRefused | None = None


def build(history: History, output: Store, *, verifiers: VerifierFor = keys_alone) -> Built:
    """Bring a store to what the publish branch holds."""
    head = publish_head(history, verifiers=verifiers)
    return Built(commit=head.commit, deployment=bring(history, output, head))


def build_judged(
    history: History,
    output: Store,
    *,
    now: datetime,
    emptied: Callable[[], Store] | None = None,
    outside: Outside = OUTSIDE,
    verifiers: VerifierFor = keys_alone,
) -> Built:
    """Build for a place that takes a whole folder, such as GitHub Pages; only what may go there.

    What clients have now is seen at the public URL. Where a client refuses new content, and the
    publish branch holds a newer timestamp over what they have, that is built in its place.

    Args:
        history: where the publish branch is.
        output: where to build.
        now: the clients' time.
        emptied: empties the output and returns it; None where it must stay as it is.
        outside: how to look at the URL, and the clients.
        verifiers: what verifies signatures; by default the keys in the metadata alone.

    Raises:
        WorkflowsDiffer, NotPublished, ServesNewer: nothing was written.
        ClientRefused: what was written must not be deployed.
    """
    head = publish_head(history, verifiers=verifiers)
    check_workflows(history, head.commit)
    judge(head, now=now)
    seen = look(head, outside)
    expect_not_newer(seen, head)
    held = state_at_url(history, head, seen.versions[TIMESTAMP]) if seen else None
    try:
        return _head_built(history, output, head, _trial(head, seen, held), now, outside)
    except ClientRefused as refusal:
        fresh = renewal(history, head, held, now=now)
        if fresh is None or emptied is None:
            raise
        return _kept_fresh(history, emptied(), fresh, refusal, now)


def _trial(head: Head, seen: Seen | None, held: State | None) -> Trial:
    lane = lane_between(held, head.state)
    return Trial(name=_NAME, lane=lane, published=seen.url if seen and held else None)


def _head_built(
    history: History, output: Store, head: Head, trial: Trial, now: datetime, outside: Outside
) -> Built:
    problems: list[str] = []
    pages = site_pages(history, head, now=now, problems=problems)
    done = bring(history, output, head, now=now, pages=pages)
    inconclusive = try_store(reader(output), head, trial, now=now, outside=outside)
    said = (*inconclusive, *problems)
    return Built(commit=head.commit, deployment=done, lane=trial.lane, inconclusive=said)


def _kept_fresh(
    history: History, output: Store, fresh: Head, refusal: ClientRefused, now: datetime
) -> Built:
    """Build what clients have already, under a newer timestamp."""
    problems: list[str] = []
    pages = site_pages(history, fresh, now=now, problems=problems)
    done = bring(history, output, fresh, now=now, pages=pages)
    expect_client(reader(output), fresh, name=_NAME, now=now)
    return Built(
        commit=fresh.commit,
        deployment=done,
        lane=Lane.TIMESTAMP,
        inconclusive=tuple(problems),
        held_back=refusal,
    )
