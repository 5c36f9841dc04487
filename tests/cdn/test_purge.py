"""Telling caches: by requests to a real server, by programs, and what is said where that fails."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tufline.repository.cdn import PurgeFailed, PurgeSettings, purge
from tufline.repository.settings import InvalidSettings, parse_settings


class Cache(ThreadingHTTPServer):
    """A cache that notes what it is told, and answers with the statuses it was given, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | None]] = []
        self.statuses: list[int] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Cache

    def do_PURGE(self) -> None:
        self.server.told.append((self.path, self.headers["X-Key"]))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_each_url_is_purged_with_the_secret_header(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PURGE_KEY", "secret\n")
    settings = PurgeSettings(method="PURGE", header="X-Key", secret_variable="PURGE_KEY")  # noqa: S106 - a name

    purge(settings, [f"{cache.url}metadata/{name}" for name in ("timestamp.json", "2.root.json")])

    assert cache.told == [
        ("/metadata/timestamp.json", "secret"),
        ("/metadata/2.root.json", "secret"),
    ]


def test_cache_that_holds_nothing_has_nothing_to_forget(cache: Cache) -> None:
    cache.statuses = [404]
    purge(PurgeSettings(method="PURGE"), [f"{cache.url}a"])
    assert cache.told == [("/a", None)]


def test_cache_that_refuses_is_named_and_the_secret_is_not(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PURGE_KEY", "secret")
    cache.statuses = [403]
    settings = PurgeSettings(method="PURGE", header="X-Key", secret_variable="PURGE_KEY")  # noqa: S106 - a name

    with pytest.raises(PurgeFailed) as caught:
        purge(settings, [f"{cache.url}a"])

    assert str(caught.value) == f"cache not purged: {cache.url}a: HTTP status 403"
    assert "--purge" in (caught.value.hint or "")


def test_cache_that_is_away_is_named(cache: Cache) -> None:
    cache.server_close()
    with pytest.raises(PurgeFailed, match="no answer"):
        purge(PurgeSettings(method="PURGE"), [f"{cache.url}a"])


@pytest.mark.parametrize("value", [None, "", "two\nlines"])
def test_secret_that_is_missing_is_named(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("PURGE_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("PURGE_KEY", value)
    settings = PurgeSettings(method="PURGE", header="X-Key", secret_variable="PURGE_KEY")  # noqa: S106 - a name

    with pytest.raises(PurgeFailed, match="the environment variable PURGE_KEY holds no header"):
        purge(settings, [f"{cache.url}a"])
    assert cache.told == []


def program(tmp_path: Path, text: str) -> PurgeSettings:
    """Return settings with a program of these lines."""
    script = tmp_path / "program.py"
    script.write_text(f"import json, pathlib, sys, time\n{text}\n")
    return PurgeSettings(command=(sys.executable, str(script), "--all"), timeout=5)


def test_program_gets_the_urls_after_its_own_arguments(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    settings = program(
        tmp_path, f"pathlib.Path({str(seen)!r}).write_text(json.dumps(sys.argv[1:]))"
    )

    purge(settings, ["https://a/", "https://b/"])

    assert json.loads(seen.read_text()) == ["--all", "https://a/", "https://b/"]


def test_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(PurgeFailed, match="exit status 3: no such distribution"):
        purge(program(tmp_path, "print('no such\\ndistribution'); sys.exit(3)"), ["https://a/"])


def test_program_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    settings = program(tmp_path, "time.sleep(60)")
    quick = PurgeSettings(command=settings.command, timeout=1)
    with pytest.raises(PurgeFailed, match="did not end within 1 seconds"):
        purge(quick, ["https://a/"])


def test_program_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(PurgeFailed, match="it is not installed: there is no"):
        purge(PurgeSettings(command=(str(tmp_path / "none"),)), ["https://a/"])


def test_without_urls_nobody_is_told(tmp_path: Path) -> None:
    purge(PurgeSettings(command=(str(tmp_path / "none"),)), [])
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{}", "a method or a command"),
        ('{ method = "PURGE", command = ["x"] }', "a method or a command"),
        ('{ method = "PUR GE" }', "one of HTTP"),
        ('{ method = "PURGE", header = "X-Key" }', "go together"),
        ('{ method = "PURGE", header = "X Key", secret-variable = "K" }', "name of one"),
        ('{ method = "PURGE", header = "X-Key", secret-variable = "s3-cr" }', "names an env"),
        ('{ command = ["x"], header = "X-Key", secret-variable = "K" }', "reads the environment"),
        ('{ method = "PURGE", timeout = 0 }', "1 second or more"),
        ('{ method = "PURGE", other = 1 }', "other"),
    ],
)
def test_settings_say_what_is_wrong(entry: str, said: str) -> None:
    text = f'[publish]\nurl = "https://a/"\npurge = {entry}\n'
    with pytest.raises(InvalidSettings, match=said):
        parse_settings(text.encode())


def test_purge_is_of_what_lies_under_the_url() -> None:
    with pytest.raises(InvalidSettings, match="url, which is missing"):
        parse_settings(b'[publish]\npurge = { method = "PURGE" }\n')


@pytest.mark.parametrize("seconds", [-1, 3601])
def test_waiting_has_bounds(seconds: int) -> None:
    with pytest.raises(InvalidSettings, match="visible-within is 0 seconds or more"):
        parse_settings(f"[publish]\nvisible-within = {seconds}\n".encode())
