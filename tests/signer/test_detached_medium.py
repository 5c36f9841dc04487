"""Files on a medium that goes from one person's machine to another's."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tufline.signer.detached import UnusableMedium, read_medium, write_medium


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_file_can_be_read_on_the_other_machine_by_another_user(stick: Path) -> None:
    """What goes along is public; a file of one's own could not be read there at all."""
    file = stick / "payload.json"
    file.write_bytes(b"before")
    file.chmod(0o600)

    write_medium(file, b"public")

    assert file.stat().st_mode & 0o777 == 0o644
    assert read_medium(file, largest=10) == b"public"
    assert list(stick.iterdir()) == [file]


def test_medium_that_is_full_is_left_as_it_was(stick: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = stick / "payload.json"
    file.write_bytes(b"before")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        with pytest.raises(UnusableMedium, match="File too large"):
            write_medium(file, bytes(200))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_bytes() == b"before"
    assert list(stick.iterdir()) == [file]
