"""Object stores on loopback, as empty as each run needs them."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = TOP / ".tools" / "bin"
PROGRAMS: Final = {"gs": "fake-gcs-server", "s3": "versitygw"}

_SECRETS: Final = {"gs": {}, "s3": {"ROOT_ACCESS_KEY": "key", "ROOT_SECRET_KEY": "not-a-secret"}}
_SECONDS_TO_START: Final = 30


@contextmanager
def bucket(kind: str, folder: Path, python: Path) -> Iterator[None]:
    """Serve an empty bucket `tuf`; what this process starts meanwhile finds it.

    Args:
        kind: "gs" or "s3".
        folder: where the server keeps its files; made here.
        python: has the cloud's library.
    """
    folder.mkdir()
    port = _free_port()
    environment = {**os.environ, **_SECRETS[kind]}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            _command(kind, folder, port), env=environment, stdout=log, stderr=log
        ) as server,
    ):
        try:
            _await(port, server)
            os.environ.update(_client_environment(port))
            make = [str(python), str(TOP / "bench" / "bucket.py"), kind, "make"]
            subprocess.run(make, check=True)
            yield
        finally:
            server.terminate()


def _command(kind: str, folder: Path, port: int) -> list[str]:
    program, address = str(TOOLS / PROGRAMS[kind]), f"127.0.0.1:{port}"
    for name in ("data", "iam", "meta"):
        (folder / name).mkdir()
    if kind == "s3":
        where = ["posix", "--sidecar", str(folder / "meta"), str(folder / "data")]
        return [program, "--port", address, "--iam-dir", str(folder / "iam"), *where]
    # Its other back end, in memory, takes longer for each object the more there are.
    where = ["-backend", "filesystem", "-filesystem-root", str(folder / "data")]
    names = ["-public-host", address, "-external-url", f"http://{address}"]
    listen = ["-scheme", "http", "-host", "127.0.0.1", "-port", str(port)]
    return [program, *listen, *names, *where, "-log-level", "error"]


def _client_environment(port: int) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}"
    return {
        "STORAGE_EMULATOR_HOST": url,
        "GOOGLE_CLOUD_PROJECT": "bench",
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(server.args)
