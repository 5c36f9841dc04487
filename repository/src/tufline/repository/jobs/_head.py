"""What is to be published: the head of the publish branch, or what it was once."""

from dataclasses import dataclass, replace
from datetime import datetime

from tufline.repository.errors import Refusal, UserError
from tufline.repository.format import Document, historic_root_path
from tufline.repository.history import Commit, History
from tufline.repository.jobs._events import PUBLISH
from tufline.repository.jobs._roots import oldest_root
from tufline.repository.jobs.place import OpenStore
from tufline.repository.publish import (
    Layout,
    NotPublishable,
    Store,
    open_store,
    published_bytes,
)
from tufline.repository.review import (
    KeyVerifier,
    Purpose,
    Review,
    VerifierFor,
    keys_alone,
    review,
)
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import State


class NowhereToPublish(UserError):
    """The settings name no place to publish to."""

    hint = "set production (and staging) under [publish] in tufline.toml on main"

    def __init__(self) -> None:
        super().__init__("tufline.toml names no place to publish to")


class NotPublished(Refusal):
    """Review refused what the publish branch holds."""

    hint = "run `tufline ci online-sign`, which says what is wrong with main"

    def __init__(self, found: Review) -> None:
        errors = "".join(f"\n  {each}" for each in found.errors)
        super().__init__(f"the publish branch is refused:{errors}")
        self.review = found


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What is to be published: the head of the publish branch.

    Attributes:
        verifiers: what verifies signatures, by what a state pins.
    """

    commit: Commit
    state: State
    settings: Settings
    layout: Layout
    verifiers: VerifierFor = keys_alone

    @property
    def verifier(self) -> KeyVerifier:
        """What verifies its signatures."""
        return self.verifiers(self.state)

    @property
    def emergency(self) -> bool:
        """Whether clients may have to stop until they have the newest root."""
        root = self.state.root()
        declared = self.settings.review.emergency_roots
        return isinstance(root, Document) and root.signed.version in declared

    def roots(self) -> dict[int, bytes]:
        """Return what clients may hold: the published bytes of each root, by version."""
        versions = sorted(self.state.historic_roots())
        return {each: self.root(each) for each in versions if each >= self.layout.oldest_root}

    def root(self, version: int) -> bytes:
        """Return the published bytes of a root; raise `NotPublishable` if there is none."""
        path = historic_root_path(version)
        data = self.state.read(path)
        if data is None:
            raise NotPublishable(path, "is missing")
        return published_bytes(data)


def publish_head(
    history: History, revision: str = PUBLISH, *, verifiers: VerifierFor = keys_alone
) -> Head:
    """Return what is to be published; with `revision`, what was when publish was there."""
    commit = history.resolve(revision)
    state = State(history.files(commit))
    settings = read_settings(state)
    layout = replace(settings.layout, oldest_root=oldest_root(state, settings))
    return Head(commit=commit, state=state, settings=settings, layout=layout, verifiers=verifiers)


def judge(head: Head, *, now: datetime) -> Review:
    """Judge everything that is to be published; raise `NotPublished` unless all is well."""
    found = review(
        None,
        head.state,
        now=now,
        purpose=Purpose.PUBLISHED,
        policy=head.settings.policy,
        verifier=head.verifier,
    )
    if not found.accepted:
        raise NotPublished(found)
    return found


def production_of(head: Head, opener: OpenStore = open_store) -> Store:
    """Return the store that clients read from; raise `NowhereToPublish`."""
    if head.settings.publish.production is None:
        raise NowhereToPublish
    return opener(head.settings.publish.production)
