"""The server on loopback."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from tests.support.memory_store import MemoryStore

from tufline.repository.clients import serve


@pytest.fixture
def http() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False)


def test_files_are_served_as_they_are_now(http: urllib3.PoolManager) -> None:
    files = {"metadata/1.root.json": b"{}", "targets/a b+c/\u00e9.txt": b"\x00\xff"}
    with serve(files.get) as url:
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/")
        assert http.request("GET", f"{url}metadata/1.root.json?x=1").data == b"{}"
        assert http.request("GET", f"{url}targets/a%20b+c/%C3%A9.txt").data == b"\x00\xff"
        assert http.request("GET", f"{url}metadata/2.root.json").status == 404
        files["metadata/2.root.json"] = b"new"
        head = http.request("HEAD", f"{url}metadata/2.root.json")
        assert (head.status, head.headers["Content-Length"], head.data) == (200, "3", b"")


def test_failing_store_is_a_servers_error(http: urllib3.PoolManager) -> None:
    with serve(MemoryStore().get) as url:
        answer = http.request("GET", f"{url}nothing")

    assert (answer.status, answer.data) == (500, b"nothing is not in the store")


def test_many_ask_at_once(http: urllib3.PoolManager) -> None:
    with serve({"file": b"x" * 100_000}.get) as url, ThreadPoolExecutor(20) as pool:
        sizes = pool.map(lambda _: len(http.request("GET", f"{url}file").data), range(100))

        assert set(sizes) == {100_000}


def test_server_is_gone_afterwards(http: urllib3.PoolManager) -> None:
    with serve(lambda _: None) as url:
        pass

    with pytest.raises(urllib3.exceptions.HTTPError):
        http.request("GET", url)


def test_settings_load_no_network_library() -> None:
    heavy = ("http.server", "urllib3", "requests", "tuf.ngclient")
    code = f"import sys, tufline.repository.clients; print(set({heavy}) & set(sys.modules))"

    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert ran.stdout == "set()\n"
