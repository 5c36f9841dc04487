"""Who uses what is published: one real TUF client, installed once, over HTTP.

It was given version 1 of root, as shipped with some program, and follows whatever is published from
there on. Its folder keeps what it trusts, as on a user's machine.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tufline.repository.publish import Layout
from tufline.repository.publish.compliance import (
    Accepted,
    Client,
    Rejected,
    Versions,
    web_remote,
)
from tufline.repository.rehearsal._screen import NotAsExpected
from tufline.repository.rehearsal._web import Site

LAYOUT = Layout()
_DOWNLOADED = "artifact"  # where `Client` puts what it downloads


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """Somebody with a client in the folder `home`."""

    home: Path

    def install(self, trusted_root: bytes) -> None:
        """Install the client with the root that it starts from."""
        self.home.mkdir()
        self._first_root.write_bytes(trusted_root)

    def gets(self, artifact: str, site: Site, *, now: datetime) -> bytes:
        """Refresh, download an artifact, and return it; raise `NotAsExpected` if refused."""
        match self._refresh(site, artifact, now=now):
            case Accepted(unlisted=()):
                return (self.home / _DOWNLOADED).read_bytes()
            case Accepted():
                raise NotAsExpected(f"for the client no role lists {artifact}")
            case Rejected(reason=reason):
                raise NotAsExpected(f"the client stopped: {reason}")

    def refuses(self, site: Site, *, now: datetime) -> str:
        """Refresh from a site that must not be believed; return what the client says."""
        outcome = self._refresh(site, now=now)
        if isinstance(outcome, Rejected):
            return outcome.reason
        raise NotAsExpected(f"the client believes {site.folder.name}: {outcome.versions}")

    @property
    def trusts(self) -> Versions:
        """The versions that the client holds."""
        return self._client.versions

    @property
    def _client(self) -> Client:
        return Client(self.home, self._first_root.read_bytes())

    @property
    def _first_root(self) -> Path:
        return self.home / "installed.root.json"

    def _refresh(self, site: Site, *artifacts: str, now: datetime) -> Accepted | Rejected:
        remote = web_remote(site.url, LAYOUT)
        return self._client.refresh(remote, now=now, artifacts=artifacts)
