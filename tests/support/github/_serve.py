"""Starting and stopping the emulator."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.support.github._hub import Hub
from tests.support.github._openapi import document
from tests.support.github._server import Server


@contextmanager
def serve(folder: Path, *, now: Callable[[], datetime] | None = None) -> Iterator[Hub]:
    """Serve a new, empty hub that keeps its repositories in the folder.

    When the block ends without an error, raise AssertionError if the emulator or a client broke
    GitHub's description of its API; raise `NoDescription` at once where that is not installed.
    """
    document()
    hub = Hub(folder=folder, now=now or _now)
    server = Server(hub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert not hub.violations, "against GitHub's API description:\n" + "\n".join(hub.violations)


def _now() -> datetime:
    return datetime.now(UTC)
