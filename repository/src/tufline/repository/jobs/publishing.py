"""Jobs: build what is published into a folder, and publish it: first for testing, then for all.

What is published is the head of the publish branch. `publish` judges it in full, snapshot and
timestamp included, then brings the staging store to it, runs a real client there, and only then
brings the production store to it and looks at that from outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tufline.repository.errors import Refusal, UserError
from tufline.repository.format import TIMESTAMP, Document, metadata_path
from tufline.repository.history import Commit, History
from tufline.repository.jobs._events import PUBLISH
from tufline.repository.jobs._roots import oldest_root
from tufline.repository.jobs._workflows import check_workflows
from tufline.repository.jobs.place import OpenStore, open_directory
from tufline.repository.publish import (
    Deployed,
    Deployment,
    Layout,
    NoSuchObject,
    Store,
    StoreFailed,
    deploy,
    observed,
    published_bytes,
)
from tufline.repository.review import Purpose, Review, review
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import State

_MOST_ARTIFACTS_TRIED = 20


class NowhereToPublish(UserError):
    """The settings name no place to publish to."""

    hint = "set production (and staging) under [publish] in tufline.toml on main"

    def __init__(self) -> None:
        super().__init__("tufline.toml names no folder to publish to")


class NotPublished(Refusal):
    """Review refused what the publish branch holds."""

    hint = "run `tufline ci online-sign`, which says what is wrong with main"

    def __init__(self, found: Review) -> None:
        errors = "".join(f"\n  {each}" for each in found.errors)
        super().__init__(f"the publish branch is refused:{errors}")
        self.review = found


class ClientRefused(Refusal):
    """A real client did not accept what was deployed. After staging nothing else was touched."""

    hint = "look at what the client said, mend main or the store, and run the command again"

    def __init__(self, store: str, reason: str) -> None:
        super().__init__(f"a client refuses the {store} store: {reason}")
        self.store = store


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What was done, by place: how many files were written and left."""

    commit: Commit
    staging: Deployment | None
    production: Deployment


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """What a folder was brought to, and how many files were written and left."""

    commit: Commit
    deployment: Deployment


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What is to be published: the head of the publish branch."""

    commit: Commit
    state: State
    settings: Settings
    layout: Layout

    @property
    def emergency(self) -> bool:
        """Whether clients may have to stop until they have the newest root."""
        root = self.state.root()
        declared = self.settings.review.emergency_roots
        return isinstance(root, Document) and root.signed.version in declared


def build(history: History, output: Store) -> Built:
    """Bring a store to what the publish branch holds."""
    head = publish_head(history)
    return Built(commit=head.commit, deployment=_bring(history, output, head))


def build_judged(history: History, output: Store, *, now: datetime) -> Built:
    """Build for a place that takes a whole folder, such as GitHub Pages; only what may go there.

    Raises:
        WorkflowsDiffer, NotPublished: nothing was written.
        ClientRefused: what was written must not be deployed.
    """
    head = publish_head(history)
    check_workflows(history, head.commit)
    judge(head, now=now)
    done = _publish_to(history, head, output, name="built", now=now)
    return Built(commit=head.commit, deployment=done)


def publish(
    history: History, *, now: datetime, open_store: OpenStore = open_directory
) -> Published:
    """Publish the head of the publish branch. Running it again mends what is missing.

    Raises:
        NowhereToPublish, NotPublished: nothing was written.
        ClientRefused: a client refused the store that the error names; later ones are as before.
    """
    history.refresh()
    head = publish_head(history)
    production = production_of(head, open_store)
    judge(head, now=now)
    staged = None
    if head.settings.publish.staging is not None:
        staging = open_store(head.settings.publish.staging)
        staged = _publish_to(history, head, staging, name="staging", now=now)
    return Published(
        commit=head.commit,
        staging=staged,
        production=_publish_to(history, head, production, name="production", now=now),
    )


def publish_head(history: History, revision: str = PUBLISH) -> Head:
    """Return what is to be published; with `revision`, what was when publish was there."""
    commit = history.resolve(revision)
    state = State(history.files(commit))
    settings = read_settings(state)
    layout = replace(settings.layout, oldest_root=oldest_root(state, settings))
    return Head(commit=commit, state=state, settings=settings, layout=layout)


def deployed_now(history: History, *, open_store: OpenStore = open_directory) -> Deployed:
    """Return what clients get from the production store; nothing where that cannot be seen.

    Then online signing goes on without: the place may be a wrong setting, and only a run that takes
    a better one mends that. Publishing says what is wrong with the store.
    """
    if PUBLISH not in history.branches(PUBLISH):
        return Deployed()
    head = publish_head(history)
    try:
        return observed(production_of(head, open_store), head.layout)
    except (NowhereToPublish, StoreFailed, OSError):
        return Deployed()


def judge(head: Head, *, now: datetime) -> Review:
    """Judge everything that is to be published; raise `NotPublished` unless all is well."""
    found = review(
        None, head.state, now=now, purpose=Purpose.PUBLISHED, policy=head.settings.policy
    )
    if not found.accepted:
        raise NotPublished(found)
    return found


def production_of(head: Head, open_store: OpenStore = open_directory) -> Store:
    """Return the store that clients read from; raise `NowhereToPublish`."""
    if head.settings.publish.production is None:
        raise NowhereToPublish
    return open_store(head.settings.publish.production)


def try_client(store: Store, head: Head, *, now: datetime) -> str | None:
    """Return why a new client with the oldest root does not accept the store; None if it does."""
    from tufline.repository.publish.compliance import (  # noqa: PLC0415 - a network library
        Rejected,
        listed_artifacts,
        run_client,
        store_remote,
    )

    layout = head.layout
    try:
        root = store.get(layout.root(layout.oldest_root))
    except (NoSuchObject, StoreFailed) as error:
        return str(error)
    artifacts = listed_artifacts(head.state, limit=_MOST_ARTIFACTS_TRIED)
    outcome = run_client(store_remote(store, layout), root, now=now, artifacts=artifacts)
    return outcome.reason if isinstance(outcome, Rejected) else None


def _publish_to(
    history: History, head: Head, store: Store, *, name: str, now: datetime
) -> Deployment:
    """Bring one store to the head, and let a client that knows only the oldest root use it."""
    deployment = _bring(history, store, head)
    reason = try_client(store, head, now=now)
    if reason is not None:
        raise ClientRefused(name, reason)
    return deployment


def _bring(history: History, store: Store, head: Head) -> Deployment:
    before = _deployed_state(history, store, head)
    return deploy(store, before, head.state, layout=head.layout, emergency=head.emergency)


def _deployed_state(history: History, store: Store, head: Head) -> State | None:
    """Return the state of the publish branch whose timestamp the store holds, if there is one.

    Of several it is the oldest: the others came after that timestamp, and perhaps not from us.
    """
    found, data = None, observed(store, head.layout).timestamp_data
    if data is None:
        return None
    for state in _earlier_states(history, head.commit):
        timestamp = state.read(metadata_path(TIMESTAMP))
        if timestamp is not None and published_bytes(timestamp) == data:
            found = state
        elif found:
            break
    return found


def _earlier_states(history: History, commit: Commit) -> Iterator[State]:
    return (State(history.files(info.id)) for info in history.first_parents(commit))
