"""Clients that never stop asking, and a store that publishes while they do."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.support.published import NOW

from tufline.repository.publish import DirectoryStore, Layout
from tufline.repository.publish.compliance import Accepted, Client, Versions, web_remote

_LONGEST_POLL: Final = 20.0  # seconds
_NEW_EACH: Final = 4
LAYOUT: Final = Layout()


class Poller:
    """A client that follows, and new ones in between, at a URL. `failures` is what went wrong."""

    def __init__(self, url: str, root: bytes, home: Path) -> None:
        self.failures: list[str] = []
        self.polls = 0
        self.versions: Versions | None = None
        self._url = url
        self._root = root
        self._home = home
        self._polled = threading.Condition()
        self._over = False

    def poll(self) -> None:
        """Let the following client refresh once, and now and then a new one."""
        new = (f"new-{self.polls}",) if self.polls % _NEW_EACH == 0 else ()
        for name in ("following", *new):
            client = Client(self._home / name, self._root)
            before = client.versions
            found = client.refresh(web_remote(self._url, LAYOUT), now=NOW, artifacts=["file.txt"])
            if not isinstance(found, Accepted):
                self.failures.append(f"{name} client at {before}: {found.reason}")
                continue
            if lower := found.versions.lower_than(before):
                self.failures.append(f"{name} client went backwards: {', '.join(lower)}")
            if self.versions and (lower := found.versions.lower_than(self.versions)):
                self.failures.append(f"{name} client got less than another: {', '.join(lower)}")
            self.versions = found.versions
        with self._polled:
            self.polls += 1
            self._polled.notify_all()

    def wait(self, polls: int = 1) -> None:
        """Wait until this many whole polls were made from now on."""
        deadline = time.monotonic() + _LONGEST_POLL
        with self._polled:
            last = self.polls + polls + 1  # the one under way began before
            while self.polls < last:
                assert self._polled.wait(deadline - time.monotonic()), "the client hangs"

    @contextmanager
    def polling(self) -> Iterator[None]:
        """Poll all the time in another thread."""

        def go_on() -> None:
            while not self._over:
                self.poll()

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            self._over = True
            thread.join()


class WatchedStore(DirectoryStore):
    """A folder that clients read after each single file that is put into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.poller: Poller | None = None

    def put(self, name: str, data: bytes, **how: Any) -> None:  # noqa: ANN401 - as the port has it
        super().put(name, data, **how)
        if self.poller:
            self.poller.wait()


def artifact_bytes() -> Iterator[bytes]:
    """Yield one artifact after the other."""
    for number in count():
        yield f"content {number}\n".encode()
