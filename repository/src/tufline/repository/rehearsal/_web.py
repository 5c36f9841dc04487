"""A folder served over HTTP on this machine, as a web server serves what is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A folder that is served, and where clients find it: a URL that ends with "/"."""

    folder: Path
    url: str


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Make a folder, and serve it on a free port of 127.0.0.1 until this is left."""
    folder.mkdir()
    handler = partial(_QuietHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Site(folder=folder, url=f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves files, and leaves the screen to the rehearsal."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""
