"""Clients behind a caching CDN: nginx as init configures it, before nginx as init configures it.

Two configurations that keep the answer that a root is not there yet show what that leads to.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cdn.nginx import Site, needs_nginx, served_by_nginx
from tests.cdn.polling import LAYOUT, Poller, WatchedStore, artifact_bytes
from tests.support.published import Published

from tufline.repository.cdn import PurgeSettings, purge
from tufline.repository.publish import DirectoryStore, deploy
from tufline.repository.state import State

pytestmark = needs_nginx

PUBLICATIONS = 50


def next_publication(made: Published, number: int, artifacts: Iterator[bytes]) -> None:
    """Make what is published next: often a timestamp, sometimes content, seldom a root."""
    if number % 10 == 5:  # a new root with another online key
        old, new = made.online[0], f"online-{number}"
        made.rotate(online=(new,))
        made.sign_online(by=(old, new))
    elif number % 10 == 9:  # a new root with the same keys
        made.rotate()
        made.sign_online()
    elif number % 3 == 0:
        made.put("file.txt", next(artifacts))
        made.sign_online()
    else:
        made.renew_timestamp()


def publish(store: DirectoryStore, before: State | None, made: Published) -> State:
    """Deploy what was made."""
    after = made.state()
    deploy(store, before, after, layout=LAYOUT)
    return after


def test_clients_behind_a_cache_follow_fifty_publications(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    store, made, artifacts = WatchedStore(folder), Published(), artifact_bytes()
    state = publish(store, None, made)
    with served_by_nginx(folder, tmp_path / "nginx") as site:
        poller = Poller(site.url, store.get(LAYOUT.root(1)), tmp_path / "clients")
        with poller.polling():
            store.poller = poller
            for number in range(PUBLICATIONS):
                next_publication(made, number, artifacts)
                state = publish(store, state, made)
        cached = site.get("metadata/2.root.json").headers["X-Cache-Status"]

    assert poller.failures == []
    assert poller.polls > 2 * PUBLICATIONS
    assert poller.versions is not None
    assert poller.versions.timestamp == PUBLICATIONS + 1
    assert poller.versions.root == made.version("root") == 11
    assert cached == "HIT"  # so clients did read from the cache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a store with a first publication."""
    path = tmp_path / "store"
    path.mkdir()
    return path


def test_headers_are_those_that_each_kind_of_file_should_have(folder: Path, tmp_path: Path) -> None:
    publish(DirectoryStore(folder), None, Published())
    (folder / "index.html").write_text("page")
    with served_by_nginx(folder, tmp_path / "nginx") as site:

        def kept(name: str) -> tuple[int, str | None, list[str]]:
            answers = [site.get(name) for _ in range(2)]
            cache = [answer.headers["X-Cache-Status"] for answer in answers]
            return answers[1].status, answers[1].headers.get("Cache-Control"), cache

        immutable = "public, max-age=31536000, immutable"
        assert kept("metadata/timestamp.json") == (200, "no-cache, max-age=0", ["MISS", "MISS"])
        assert kept("metadata/1.root.json") == (200, immutable, ["MISS", "HIT"])
        assert kept("metadata/2.root.json") == (404, "no-store", ["MISS", "MISS"])
        assert kept("index.html") == (200, "public, max-age=60", ["MISS", "HIT"])
        assert site.get("metadata/timestamp.json").headers.get("ETag") is None


def keeps_404(configuration: str) -> str:
    """Let the cache keep that something is not there, as some do by themselves."""
    return configuration.replace(
        "proxy_cache tuf;", "proxy_cache tuf;\nproxy_cache_valid 404 1h;\n"
    )


def says_nothing_of_404(configuration: str) -> str:
    """Let the web server leave out what init's says of what is not there."""
    return re.sub(r"(?m)^ *error_page 404.*\n", "", configuration)


def rotated_behind(site: Site, folder: Path, home: Path) -> Poller:
    """Rotate the online key while a client looks on; return the client after two publications."""
    store, made = DirectoryStore(folder), Published()
    state = publish(store, None, made)
    poller = Poller(site.url, store.get(LAYOUT.root(1)), home)
    poller.poll()  # asks for root 2
    made.rotate(online=("next",))
    made.sign_online(by=("online", "next"))
    state = publish(store, state, made)
    poller.poll()
    made.renew_timestamp(by=("next",))  # clients need root 2 from here on
    publish(store, state, made)
    poller.poll()
    return poller


def test_cache_that_would_keep_404_does_not_where_the_server_says_so(
    folder: Path, tmp_path: Path
) -> None:
    with served_by_nginx(folder, tmp_path / "nginx", cache=keeps_404) as site:
        poller = rotated_behind(site, folder, tmp_path / "clients")

    assert poller.failures == []
    assert poller.versions is not None
    assert poller.versions.root == 2


def test_cached_404_of_the_next_root_stops_clients_until_it_is_purged(
    folder: Path, tmp_path: Path
) -> None:
    with served_by_nginx(
        folder, tmp_path / "nginx", origin=says_nothing_of_404, cache=keeps_404
    ) as site:
        poller = rotated_behind(site, folder, tmp_path / "clients")
        (failure,) = poller.failures
        assert "timestamp was signed by 0/1 keys" in failure

        url = f"{site.url}metadata/2.root.json"
        purge(PurgeSettings(command=(sys.executable, str(_forgetter(site, tmp_path)))), [url])
        poller.poll()

    assert poller.failures == [failure]
    assert poller.versions is not None
    assert poller.versions.root == 2


def _forgetter(site: Site, tmp_path: Path) -> Path:
    """Return a program that makes nginx forget URLs: its free edition knows no PURGE."""
    script = tmp_path / "forget.py"
    script.write_text(
        "import hashlib, pathlib, sys\n"
        "for url in sys.argv[1:]:\n"
        f"    key = url.replace({site.url!r}, {site.origin!r})\n"
        "    name = hashlib.md5(key.encode()).hexdigest()\n"
        f"    cache = pathlib.Path({str(tmp_path / 'nginx/cache')!r})\n"
        "    (cache / name[-1] / name[-3:-1] / name).unlink()\n"
    )
    return script
