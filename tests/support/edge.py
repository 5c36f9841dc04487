"""A public URL behind a cache that keeps all it once served, answers "not there" included.

edge = Edge(pipeline.stores["production"])
publish(..., outside=edge.outside())     # time passes only when somebody sleeps
"""

from collections.abc import Sequence
from datetime import datetime

from tests.support.memory_store import MemoryStore

from tufline.repository.cdn import PurgeFailed, PurgeSettings
from tufline.repository.clients import ClientsSettings, TryClients, wanted_artifacts
from tufline.repository.jobs.publishing import Head, Outside
from tufline.repository.publish.compliance import Outcome, read_remote, run_client

URL = "https://tuf.example.org/"


class Edge:
    """The cache. `keeps_until` is the time at which it forgets all by itself; it may be broken."""

    def __init__(self, origin: MemoryStore, *, keeps_until: float = float("inf")) -> None:
        self.origin = origin
        self.keeps_until = keeps_until
        self.caches = True
        self.deaf = False
        self.time = 0.0
        self.slept: list[float] = []
        self.purged: list[str] = []
        self.looked = 0
        self._kept: dict[str, bytes | None] = {}

    def outside(self, clients: TryClients | None = None) -> Outside:
        """Return the ports of a job whose clients read through this cache."""

        def opened(settings: ClientsSettings) -> TryClients | None:
            del settings
            return clients

        return Outside(
            look=self.look,
            purge=self.purge,
            clients=opened,
            clock=lambda: self.time,
            sleep=self.sleep,
        )

    def look(self, url: str, head: Head, *, now: datetime, download: bool) -> Outcome:
        """Let a real client read through the cache."""
        assert url == URL
        self.looked += 1
        layout = head.layout
        sample = (
            tuple(each.path for each in wanted_artifacts(head.state, now=now)) if download else ()
        )
        remote = read_remote(self.read, layout)
        return run_client(remote, head.root(layout.oldest_root), now=now, artifacts=sample)

    def read(self, name: str) -> bytes | None:
        """Return what the cache keeps; what it does not, it fetches and then keeps."""
        if not self.caches or name not in self._kept:
            self._kept[name] = self.origin.files.get(name)
        return self._kept[name]

    def purge(self, settings: PurgeSettings, urls: Sequence[str]) -> None:
        """Forget the URLs, or fail."""
        assert settings.method == "PURGE"
        if self.deaf:
            raise PurgeFailed(urls[0], "HTTP status 503")
        for url in urls:
            self.purged.append(url)
            self._kept.pop(url.removeprefix(URL), None)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.time += seconds
        if self.time >= self.keeps_until:
            self._kept.clear()
