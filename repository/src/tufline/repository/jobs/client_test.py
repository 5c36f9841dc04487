"""Job: let a real client update from a published repository, from outside.

For a repository's own pipeline the publish branch says with which root it starts and what it asks
for; for the CI of a project that only uses the repository, its maintainers do.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from tuf.api.exceptions import DownloadError
from tuf.ngclient import UpdaterConfig
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher

from tufline.repository.errors import EnvironmentProblem, Refusal
from tufline.repository.format import historic_root_path
from tufline.repository.history import History
from tufline.repository.jobs._events import PUBLISH
from tufline.repository.jobs.publishing import publish_head
from tufline.repository.publish import NotPublishable
from tufline.repository.publish.compliance import (
    Outcome,
    Remote,
    listed_artifacts,
    run_client,
    web_remote,
)

_MOST_ARTIFACTS = 20


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is tested: the repository, the root that the client starts with, what it asks for."""

    remote: Remote
    root: bytes
    artifacts: tuple[str, ...] = ()


def client_test(subject: Subject, *, now: datetime) -> Outcome:
    """Return what a new client says, as of `now`."""
    return run_client(subject.remote, subject.root, now=now, artifacts=subject.artifacts)


def subject_of_publish(history: History, url: str, revision: str = PUBLISH) -> Subject:
    """Return the publish branch as it is published at `url`, with the oldest root clients hold."""
    head = publish_head(history, revision)
    version = head.layout.oldest_root
    root = head.state.read(historic_root_path(version))
    if root is None:
        raise NotPublishable(historic_root_path(version), "is missing")
    return Subject(
        remote=web_remote(url, head.layout),
        root=root,
        artifacts=listed_artifacts(head.state, limit=_MOST_ARTIFACTS),
    )


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


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
