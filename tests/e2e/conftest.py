"""One whole rehearsal, which the tests of this folder look at from all sides."""

import fcntl
import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

TUFLINE: Final = Path(sysconfig.get_path("scripts")) / "tufline"
_AT_MOST: Final = 1200  # seconds: it ends what hangs, however much runs beside it


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsal:
    """What a rehearsal left, and what it showed."""

    folder: Path
    screen: str


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Play once, also where several processes run tests: the first plays, the others wait."""
    ours = tmp_path_factory.getbasetemp()
    shared = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    folder, screen = shared / "rehearsal", shared / "rehearsal.txt"
    with (shared / "rehearsal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not screen.exists():
            screen.write_text(_played(folder))
    return Rehearsal(folder=folder, screen=screen.read_text())


def _played(folder: Path) -> str:
    done = subprocess.run(
        [TUFLINE, "rehearse", "--keep", folder],
        capture_output=True,
        text=True,
        timeout=_AT_MOST,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout
