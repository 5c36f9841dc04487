"""One real TUF client: what it trusts lies in its own folder, as on a user's machine."""

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient import Updater

from tufline.repository.format import identities_verified_by
from tufline.repository.publish.compliance._remote import Remote
from tufline.repository.review import KeyVerifier

_ROLES: Final = ("root", "timestamp", "snapshot", "targets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """The versions that a client trusts; 0 where it has none yet."""

    root: int
    timestamp: int
    snapshot: int
    targets: int

    def lower_than(self, earlier: "Versions") -> tuple[str, ...]:
        """Return the roles whose version went down."""
        return tuple(role for role in _ROLES if getattr(self, role) < getattr(earlier, role))


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The client refreshed, and downloaded every artifact that it was asked for.

    `unlisted` are the artifacts that no role lists for it, of those it was asked for.
    """

    versions: Versions
    unlisted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """The client stopped, or an artifact could not be had. It still trusts `versions`."""

    versions: Versions
    reason: str


Outcome = Accepted | Rejected


class Client:
    """A client that was installed with `trusted_root` and remembers what it has seen.

    With a `verifier`, signatures of Sigstore identities count as far as it takes them. Without one
    it is plain python-tuf, which does not know them.
    """

    def __init__(
        self, home: Path, trusted_root: bytes, verifier: KeyVerifier | None = None
    ) -> None:
        self._home = home
        self._root = trusted_root
        self._verifier = verifier

    @property
    def versions(self) -> Versions:
        """What the client trusts now."""
        return Versions(**{role: self._version(role) for role in _ROLES})

    def refresh(self, remote: Remote, *, now: datetime, artifacts: Iterable[str] = ()) -> Outcome:
        """Refresh at the time `now` (UTC), and download those of `artifacts` that are listed."""
        try:
            with self._identities():
                updater = self._updater(remote, now)
                updater.refresh()
                unlisted = tuple(self._download(updater, artifacts))
        except (RepositoryError, DownloadError) as error:
            reason = f"{type(error).__name__}: {error}"
            return Rejected(versions=self.versions, reason=reason)
        return Accepted(versions=self.versions, unlisted=unlisted)

    def _identities(self) -> AbstractContextManager[None]:
        return identities_verified_by(self._verifier.verify) if self._verifier else nullcontext()

    def _updater(self, remote: Remote, now: datetime) -> Updater:
        updater = Updater(
            metadata_dir=str(self._home),
            metadata_base_url=remote.metadata_url,
            target_base_url=remote.artifacts_url,
            fetcher=remote.fetcher,
            bootstrap=self._root,
        )
        # python-tuf notes the time here and has no option for it; it judged nothing by it so far.
        updater._trusted_set.reference_time = now  # noqa: SLF001 - no public way to set the time
        return updater

    def _download(self, updater: Updater, artifacts: Iterable[str]) -> Iterator[str]:
        """Download what is listed, yield what is not."""
        for artifact in artifacts:
            listed = updater.get_targetinfo(artifact)
            if listed is None:
                yield artifact
            else:
                updater.download_target(listed, str(self._home / "artifact"))

    def _version(self, role: str) -> int:
        path = self._home / f"{role}.json"
        return int(json.loads(path.read_bytes())["signed"]["version"]) if path.exists() else 0


def run_client(
    remote: Remote,
    trusted_root: bytes,
    *,
    now: datetime,
    artifacts: Iterable[str] = (),
    verifier: KeyVerifier | None = None,
) -> Outcome:
    """Return what a new client says of the repository: an artifact not listed is a rejection."""
    with TemporaryDirectory(prefix="tufline-client-") as home:
        client = Client(Path(home), trusted_root, verifier)
        outcome = client.refresh(remote, now=now, artifacts=artifacts)
    match outcome:
        case Accepted(unlisted=(_, *_)):
            reason = f"no role lists {', '.join(outcome.unlisted)}"
            return Rejected(versions=outcome.versions, reason=reason)
        case _:
            return outcome
