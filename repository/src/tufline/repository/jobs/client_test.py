"""Job: let real clients update from a published repository, from outside.

For a repository's own pipeline the publish branch says with which roots they start and what they
ask for; for the CI of a project that only uses the repository, its maintainers do. python-tuf's
client in this process always tries; `client_matrix` runs programs, in any language.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin

from tuf.api.exceptions import DownloadError
from tuf.ngclient import UpdaterConfig
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher

from tufline.repository.clients import (
    ClientsSettings,
    Deployment,
    Matrix,
    Wanted,
    programs_of,
    try_clients,
    wanted_artifacts,
)
from tufline.repository.errors import EnvironmentProblem, Refusal, UserError
from tufline.repository.format import ROOT, TARGETS, Document, historic_root_path, metadata_path
from tufline.repository.history import History
from tufline.repository.jobs._events import PUBLISH
from tufline.repository.jobs.publishing import publish_head
from tufline.repository.publish import NotPublishable, published_bytes
from tufline.repository.publish.compliance import Outcome, Remote, run_client, web_remote
from tufline.repository.review import KeyVerifier, VerifierFor, keys_alone
from tufline.repository.state import State


class NoRoot(EnvironmentProblem):
    """The root that a client would start with could not be had."""

    hint = "check the URL of the metadata and the version of the root, then run it again"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")


class WrongRoot(Refusal):
    """The published root is not the one that was asked for."""

    hint = "ask the repository's maintainers for the digest, on another way than the repository"

    def __init__(self, url: str, digest: str) -> None:
        super().__init__(f"{url} has the SHA-256 {digest}, which is not the one given")


class NoSuchClient(UserError):
    """A client was asked for that is not known."""

    hint = "name clients that docs/clients.md lists, or that tufline.toml has a command for"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is tested, and how.

    Attributes:
        remote: the repository.
        roots: the roots that clients may hold, by version; at least one.
        wanted: what they ask for.
        before: what clients have got so far, if that is to be tried too.
        settings: which programs are clients.
        verifier: what the client in this process verifies identities with; none: it knows none.
    """

    remote: Remote
    roots: Mapping[int, bytes]
    wanted: tuple[Wanted, ...] = ()
    before: Remote | None = None
    settings: ClientsSettings = field(default_factory=ClientsSettings)
    verifier: KeyVerifier | None = None

    @property
    def root(self) -> bytes:
        """The oldest root."""
        return self.roots[min(self.roots)]

    @property
    def artifacts(self) -> tuple[str, ...]:
        """The paths of what they ask for."""
        return tuple(each.path for each in self.wanted)

    def with_clients(self, names: tuple[str, ...]) -> "Subject":
        """Return the same, tried by these clients; raise `NoSuchClient`."""
        try:
            return replace(self, settings=replace(self.settings, use=names))
        except ValueError as error:
            raise NoSuchClient(str(error)) from error


def client_test(subject: Subject, *, now: datetime) -> Outcome:
    """Return what a new client in this process says, as of `now`."""
    return run_client(
        subject.remote,
        subject.root,
        now=now,
        artifacts=subject.artifacts,
        verifier=subject.verifier,
    )


def client_matrix(subject: Subject, environ: Mapping[str, str], *, now: datetime) -> Matrix:
    """Return what all the programs say, from each start, as of `now`."""
    before = _deployment(subject.before, subject.roots) if subject.before else None
    programs = programs_of(subject.settings, environ)
    tried = try_clients(programs, timeout=subject.settings.timeout)
    deployment = _deployment(subject.remote, subject.roots)
    return tried(deployment, published=before, wanted=subject.wanted, now=now)


def subject_of_publish(
    history: History,
    url: str,
    revision: str = PUBLISH,
    *,
    now: datetime,
    before: str | None = None,
    verifiers: VerifierFor = keys_alone,
) -> Subject:
    """Return the publish branch as it is published at `url`, with all roots that clients hold.

    `before` is the URL of what clients have got so far, in the same layout.
    """
    head = publish_head(history, revision, verifiers=verifiers)
    versions = range(head.layout.oldest_root, _newest_root(head.state) + 1)
    return Subject(
        remote=web_remote(url, head.layout),
        roots={version: _published_root(head.state, version) for version in versions},
        wanted=wanted_artifacts(head.state, now=now),
        before=web_remote(before, head.layout) if before else None,
        settings=head.settings.clients,
        verifier=head.verifier,
    )


def subject_of_project(
    remote: Remote, root: bytes, version: int, artifacts: Iterable[str]
) -> Subject:
    """Return a repository as a project uses it that knows one root and the artifacts it needs."""
    wanted = tuple(Wanted(path=path, role=TARGETS) for path in named(artifacts))
    return Subject(remote=remote, roots={version: root}, wanted=wanted)


def remote_of(metadata_url: str, artifacts_url: str | None = None) -> Remote:
    """Return the repository at a URL.

    Without `artifacts_url` its artifacts are in `targets`: beside the metadata where that is in a
    folder of the name `metadata`, else below it.
    """
    metadata_url = _folder(metadata_url)
    beside = metadata_url.endswith("/metadata/")
    default = urljoin(metadata_url, "../targets/" if beside else "targets/")
    artifacts = _folder(artifacts_url) if artifacts_url else default
    return Remote(metadata_url=metadata_url, artifacts_url=artifacts)


def published_root(remote: Remote, version: int, sha256: str) -> bytes:
    """Return a root as it is published, if it has this digest (hex); raise `WrongRoot`."""
    url = f"{remote.metadata_url}{version}.root.json"
    fetcher = remote.fetcher or Urllib3Fetcher()
    try:
        root = fetcher.download_bytes(url, UpdaterConfig().root_max_length)
    except DownloadError as error:
        raise NoRoot(url, str(error)) from error
    digest = hashlib.sha256(root).hexdigest()
    if digest != sha256.lower():
        raise WrongRoot(url, digest)
    return root


def named(artifacts: Iterable[str]) -> tuple[str, ...]:
    """Return the artifacts, without lines that name none."""
    return tuple(line.strip() for line in artifacts if line.strip())


def _newest_root(state: State) -> int:
    root = state.root()
    if not isinstance(root, Document):
        raise NotPublishable(metadata_path(ROOT), "is missing or unreadable")
    return root.signed.version


def _published_root(state: State, version: int) -> bytes:
    root = state.read(historic_root_path(version))
    if root is None:
        raise NotPublishable(historic_root_path(version), "is missing")
    return published_bytes(root)


def _deployment(remote: Remote, roots: Mapping[int, bytes]) -> Deployment:
    return Deployment(
        metadata_url=remote.metadata_url, artifacts_url=remote.artifacts_url, roots=roots
    )


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
