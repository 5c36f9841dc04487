"""nginx as a web server and as a cache before it, on loopback: the configuration that init writes.

    with served_by_nginx(store, prefix) as site:
        site.url       # through the cache
        site.origin    # past it

Everything lies below `prefix`, and nginx runs as whoever runs the tests.
"""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import urllib3
from tests.support.ports import free_ports

from tufline.repository.init import OnServer, Options, render

NGINX: Final = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
_SECONDS_TO_START: Final = 10

needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed; bin/install-system-packages does that"
)

Edit = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where what the store holds can be read."""

    url: str
    origin: str

    def get(self, name: str) -> urllib3.BaseHTTPResponse:
        """Ask the cache."""
        return urllib3.request("GET", self.url + name, retries=False)


def unchanged(configuration: str) -> str:
    """Take a configuration as init writes it."""
    return configuration


@contextmanager
def served_by_nginx(
    store: Path, prefix: Path, *, origin: Edit = unchanged, cache: Edit = unchanged
) -> Iterator[Site]:
    """Serve the folder, through a cache. The two configurations may be edited, to be made worse."""
    ports = free_ports(2)
    _configure(store, prefix, ports, origin, cache)
    command = [str(NGINX), "-p", str(prefix), "-c", "all.conf", "-e", str(prefix / "error.log")]
    process = subprocess.Popen(command)
    try:
        _wait(process, ports, prefix)
        yield Site(url=f"http://127.0.0.1:{ports[1]}/", origin=f"http://127.0.0.1:{ports[0]}/")
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS_TO_START)


def _configure(store: Path, prefix: Path, ports: list[int], origin: Edit, cache: Edit) -> None:
    written = render(Options(name="example", host=OnServer(site="/srv/tuf")))
    first = _plain(written["server/nginx.conf"].decode(), ports[0])
    second = _plain(written["server/nginx-cache.conf"].decode(), ports[1])
    first = first.replace("root /srv/tuf/production;", f'root "{store}";')
    second = second.replace("/var/cache/nginx/tuf", str(prefix / "cache"))
    second = second.replace("https://tuf.example.com;", f"http://127.0.0.1:{ports[0]};")
    folders = "".join(
        f"{kind}_temp_path temporary;\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    prefix.mkdir(parents=True, exist_ok=True)
    (prefix / "origin.conf").write_text(origin(first))
    (prefix / "cache.conf").write_text(cache(second))
    (prefix / "all.conf").write_text(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\n"
        f"http {{\naccess_log off;\n{folders}include origin.conf;\ninclude cache.conf;\n}}\n"
    )


def _plain(configuration: str, port: int) -> str:
    """Return the configuration without TLS, at a port of loopback."""
    text = configuration.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    assert f":{port};" in text
    return re.sub(r"(?m)^\s*(ssl_|proxy_ssl_).*\n", "", text)


def _wait(process: "subprocess.Popen[bytes]", ports: list[int], prefix: Path) -> None:
    """Wait until both servers answer."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while not all(map(_listens, ports)):
        log = prefix / "error.log"
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"nginx does not start: {log.read_text() if log.exists() else ''}")
        time.sleep(0.02)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
