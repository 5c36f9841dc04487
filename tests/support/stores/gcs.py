"""A server that speaks the API of Google Cloud Storage: fake-gcs-server, behind a front.

The front adds what the server lacks: that a deletion honours its precondition.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from tests.support.ports import free_port
from tests.support.stores.front import Front, Reply, Request, front_of
from tests.support.stores.process import running, tool

BUCKET = "tuf"


@contextmanager
def gcs_server(folder: Path) -> Iterator[Front]:
    """Start the server, with an empty bucket; its log lies in `folder`."""
    port = free_port()
    with front_of(port) as front:
        url = f"http://127.0.0.1:{front.port}"
        command: list[str | Path] = [tool("fake-gcs-server"), "-scheme", "http"]
        command += ["-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
        command += ["-public-host", f"127.0.0.1:{front.port}", "-external-url", url]
        with running(command, port, folder / "gcs.log"):
            _make_bucket(front)
            front.rules.append(_Deletions(front))
            yield front


def public_url(front: Front, name: str) -> str:
    """Return where anybody may read an object."""
    return f"http://127.0.0.1:{front.port}/{BUCKET}/{quote(name)}"


def _make_bucket(front: Front) -> None:
    body = json.dumps({"name": BUCKET}).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(method="POST", path="/storage/v1/b?project=p", headers=headers, body=body)
    assert front.forward(request).status == 200


class _Deletions:
    """Refuses to delete another generation than the one asked for, one deletion at a time."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply | None:
        """Answer a deletion."""
        parts = urlsplit(request.path)
        wanted = parse_qs(parts.query).get("ifGenerationMatch")
        if request.method != "DELETE" or not wanted:
            return None
        with self._lock:
            found = self._front.forward(Request(method="GET", path=parts.path))
            if found.status == 200 and [json.loads(found.body)["generation"]] != wanted:
                body = b'{"error": {"code": 412, "message": "Precondition Failed"}}'
                return Reply(status=412, body=body)
            return self._front.forward(request)
