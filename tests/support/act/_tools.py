"""What every run of a workflow needs on this machine: `act`, our actions, what they install.

Actions are taken from the work tree as it is, uncommitted files included. Those of others, which no
package registry has, are stood in for by composite actions of our own in `shims`.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.support.act._workflow import parse_yaml, uses

from tufline.repository.project import HOME

ROOT: Final = Path(__file__).parents[3]
SHIMS: Final = Path(__file__).parent / "shims"
TOOLS: Final = ROOT / ".tools"
ACT: Final = TOOLS / "bin" / "act"
NO_ACT: Final = "NO ACT: install Go 1.24 or newer, then run make clean-tools tools"
_LOCKS: Final = ("requirements.lock", "online-sign/requirements.lock")

# The real script runs once for each of its arguments, in a copy of all that we have. What it made
# is used again, for to make it takes ten times as long as the job for which it is made. So actions
# need little of us beside, which is well: for each step `act` copies what they could need, by file.
_OF_ACTIONS: Final = ("actions", "bin", "clients")
_INSTALL_ONCE: Final = """\
#!/bin/sh
set -eu
kept=$HARNESS_INSTALLED/$(printf %s "$*" | tr -c a-z0-9_.- _)
if ! test -e "$kept/done"; then
    RUNNER_TEMP=$kept sh "$HARNESS_INSTALLED/whole/actions/install" "$@"
    touch "$kept/done"
fi
ln -s "$kept/tufline" "$RUNNER_TEMP/tufline"
"""


class UnknownAction(Exception):
    """A workflow uses an action that there is no stand-in for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What `make_tools` made in `folder`, to be used by any number of runs, one after another."""

    folder: Path
    wheels: Path

    @property
    def checkout(self) -> Path:
        """Our own repository, as a workflow gets it."""
        return self.folder / "checkout"

    @property
    def environment(self) -> Mapping[str, str]:
        """What the machine that runs a job has in its environment."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(Path(__file__).parent / "python"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "HARNESS_PYTHON": str(Path(getattr(sys, "_base_executable", sys.executable))),
            "HARNESS_INSTALLED": str(self.folder / "installed"),
        }

    def replacements(self, used: Iterable[str]) -> Mapping[str, Path]:
        """Return the folder that stands in for each repository of actions that are used.

        Those that our own actions use are among them.
        """
        found: dict[str, Path] = {}
        for use in used:
            place, _, commit = use.partition("@")
            repository = "/".join(place.split("/")[:2])
            folder = self.checkout if repository == HOME else SHIMS / repository
            if not folder.is_dir():
                raise UnknownAction(use)
            found[f"{repository}@{commit}"] = folder
            if repository == HOME:
                found.update(self.replacements(_inner(folder / place.removeprefix(f"{HOME}/"))))
        return found


def make_tools(folder: Path, *, install_once: bool = True) -> Tools:
    """Make them; without `install_once` every job installs all that it uses anew."""
    tools = Tools(folder=folder, wheels=_wheels([ROOT / "actions" / lock for lock in _LOCKS]))
    if install_once:
        _copy_work_tree(folder / "installed" / "whole")
        _copy_work_tree(tools.checkout, *_OF_ACTIONS)
        (tools.checkout / "actions" / "install").write_text(_INSTALL_ONCE)
    else:
        _copy_work_tree(tools.checkout)
    return tools


def _inner(action: Path) -> Iterator[str]:
    return uses(parse_yaml((action / "action.yml").read_bytes())["runs"]["steps"])


def _copy_work_tree(target: Path, *folders: str) -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0")[:-1]:
        if (ROOT / name).is_file():  # what is deleted is listed until that is committed
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _wheels(locks: Iterable[Path]) -> Path:
    """Return a folder with all that the locks name. It is filled from the package index once."""
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    wheels = TOOLS / f"wheels-{digest[:16]}"
    if not wheels.is_dir():
        with TemporaryDirectory(dir=TOOLS) as folder:
            for lock in locks:
                _download(lock, Path(folder) / "wheels")
            with suppress(OSError):  # another process was faster
                (Path(folder) / "wheels").rename(wheels)
    return wheels


def _download(lock: Path, wheels: Path) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"),
            *("--no-deps", "--require-hashes", "--requirement", str(lock)),
            *("--dest", str(wheels)),
        ],
        check=True,
    )
