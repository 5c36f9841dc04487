"""Published files over HTTP, on loopback, for clients that read nothing else.

with serve(files.get) as url:      # a mapping of bytes by name, or a store
Deployment(metadata_url=f"{url}metadata/", ...)
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Read: TypeAlias = Callable[[str], bytes | None]
"""Returns the file of a name ("metadata/1.root.json"), None where there is none.

Called from several threads at once. What it raises, the client gets as status 500.
"""


@contextmanager
def serve(read: Read) -> Iterator[str]:
    """Serve what `read` returns, at a free port of loopback; give the base URL, which ends in "/".

    Files are read at each request, so they may change meanwhile. The server has ended, and every
    request with it, when the context is left.
    """
    # an HTTP server takes a while to import, and settings import this package
    from tufline.repository.clients._server import running  # noqa: PLC0415 - see above

    with running(read) as port:
        yield f"http://127.0.0.1:{port}/"
