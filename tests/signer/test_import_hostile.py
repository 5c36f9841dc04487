"""`tufline import`: folders and servers that lead elsewhere, or to no end."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server
from tests.signer.moving import Move, make_move, published, refused
from tests.support.foreign import write

from tufline.signer.importing import SourceUnreadable, WebSource


@pytest.fixture
def move(tmp_path: Path, people: tuple[Server, Holder, Holder]) -> Move:
    return make_move(tmp_path, *people)


def test_link_that_leads_out_of_the_folder(move: Move) -> None:
    old = published(move)
    secret = write(move.folder / "elsewhere", {"secret.json": move.old.roles["timestamp"]})
    (old / "timestamp.json").unlink()
    (old / "timestamp.json").symlink_to(secret / "secret.json")

    done = refused(move, old)

    assert "it lies outside of the folder" in done.err


@pytest.mark.parametrize("kind", ["pipe", "endless"])
def test_file_without_an_end(move: Move, kind: str) -> None:
    old = published(move)
    (old / "timestamp.json").unlink()
    if kind == "pipe":
        os.mkfifo(old / "timestamp.json")
    else:
        with (old / "timestamp.json").open("wb") as sparse:
            sparse.truncate(10**12)

    done = refused(move, old)

    expected = "not a plain file" if kind == "pipe" else "longer than the 16384 bytes"
    assert expected in done.err


def test_roots_without_an_end(move: Move) -> None:
    """A server that has a root for every version is not asked for ever."""
    with answering(lambda path: move.old.roots[0] if path.endswith(".root.json") else None) as url:
        done = refused(move, url)

    assert "there is no end of roots" in done.err


def test_server_that_never_ends_to_answer() -> None:
    """A byte now and then keeps each read of a socket going."""
    stop = threading.Event()

    def slowly(path: str) -> Iterator[bytes]:
        del path
        while not stop.wait(0.05):
            yield b" "

    begun = time.monotonic()
    with answering(slowly) as url:
        with pytest.raises(SourceUnreadable, match=r"timestamp\.json of .* no end after"):
            WebSource(url, patience=0.5).read("timestamp.json", 1000)
        stop.set()

    assert time.monotonic() - begun < 10


def test_server_that_sends_without_an_end(move: Move) -> None:
    old = published(move)

    def answer(path: str) -> bytes | None:
        file = old / path.lstrip("/")
        if path == "/timestamp.json":
            return b" " * 20_000_000
        return file.read_bytes() if file.is_file() else None

    with answering(answer) as url:
        done = refused(move, url)

    assert "timestamp.json: is longer than the 16384 bytes that clients take" in done.err


def test_server_that_is_not_there(move: Move) -> None:
    done = refused(move, "http://127.0.0.1:1/")

    assert "cannot be read" in done.err


def test_nothing_there(move: Move) -> None:
    (move.folder / "empty").mkdir()

    done = refused(move, move.folder / "empty")

    assert "there is no TUF repository in" in done.err


@contextmanager
def answering(answer: Callable[[str], bytes | Iterator[bytes] | None]) -> Iterator[str]:
    """Serve what the function gives for each path, or piece by piece."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = answer(self.path)
            self.send_response(404 if data is None else 200)
            self.end_headers()
            try:
                for piece in [data or b""] if isinstance(data, bytes | None) else data:
                    self.wfile.write(piece)
            except OSError:
                self.close_connection = True  # who asked has heard enough

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
