"""What a disk, and whoever else writes there, can do to the plain git server's folder."""

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.forge.test_contract import STATUS

from tufline.repository.forge import BareForge, ForgeFailed


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let every write fail, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, handler)


def test_status_is_a_readable_file_of_the_repository(tmp_path: Path) -> None:
    BareForge(tmp_path).show(STATUS)

    path = tmp_path / "tufline/events/sign%2Fa.json"
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert '"verdict": "waiting"' in path.read_text()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"event": "sign/a"}', '{"other": 1}', "\ud800"]
)
def test_file_that_is_no_status_counts_as_nothing_shown(text: str, tmp_path: Path) -> None:
    forge = BareForge(tmp_path)
    forge.show(STATUS)
    (tmp_path / "tufline/events/sign%2Fb.json").write_bytes(text.encode(errors="surrogatepass"))

    assert forge.statuses() == {"sign/a": STATUS}


@pytest.mark.usefixtures("full_disk")
def test_full_disk_leaves_the_old_status_and_no_rest(tmp_path: Path) -> None:
    forge = BareForge(tmp_path)

    with pytest.raises(ForgeFailed, match=r"cannot write .*sign%2Fa\.json: File too large"):
        forge.show(STATUS)

    assert list((tmp_path / "tufline/events").iterdir()) == []


def test_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "tufline").write_text("")
    forge = BareForge(tmp_path)

    with pytest.raises(ForgeFailed, match="cannot write"):
        forge.open_problem("publish", "text")
    with pytest.raises(ForgeFailed, match="cannot remove"):
        forge.forget("sign/a")
    assert forge.statuses() == {}
