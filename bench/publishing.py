"""Publish to a bucket: everything, then what one change needs; once each, because it takes long.

The floor of the first is a copy of the same files from a folder to the same server, by the cloud's
own library (`bucket.py`), in the same run. The second is compared with the first.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.measure import Cost, cost_of
from bench.servers import PROGRAMS, TOOLS, TOP, bucket

MOST_OF_A_COPY: Final = 1.3
MOST_OF_ALL: Final = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What one publication cost.

    Attributes:
        cost: of the command, with its review and its clients.
        compared: the seconds of what it is compared with.
        most: how much of these it may take.
    """

    name: str
    cost: Cost
    compared: float
    most: float

    @property
    def ratio(self) -> float:
        """How much it took of what it is compared with."""
        return self.cost.seconds / self.compared


def publications(kind: str, folder: Path, environments: dict[str, Path]) -> Iterator[Publication]:
    """Yield what it costs to publish the fixture in `folder` to a bucket of this kind."""
    if not (TOOLS / PROGRAMS[kind]).exists():
        print(f"  NO {PROGRAMS[kind]}: install Go 1.24 or newer, then run make clean-tools tools")
        return
    git, python = folder / "repository.git", environments["publish"] / "python"
    publish = [str(environments["publish"] / "tufline"), "ci", "publish", "--git-dir", str(git)]
    place = folder / kind
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    _point(git, {"main": f"{kind}/main", "publish": f"{kind}/main"})
    copy = _copy(kind, place, git, environments)
    with bucket(kind, place / "published", python):
        everything = cost_of(publish)
        yield Publication(
            name=f"publish everything, {kind}",
            cost=everything,
            compared=copy.seconds,
            most=MOST_OF_A_COPY,
        )
        _point(git, {"main": f"{kind}/one-change"})
        online = str(environments["online_sign"] / "tufline")
        cost_of([online, "ci", "online-sign", "--git-dir", str(git)])
        yield Publication(
            name=f"publish one change, {kind}",
            cost=cost_of(publish),
            compared=everything.seconds,
            most=MOST_OF_ALL,
        )


def _copy(kind: str, place: Path, git: Path, environments: dict[str, Path]) -> Cost:
    """Copy what is published, as files, to an empty bucket."""
    files, python = place / "files", environments["publish"] / "python"
    files.mkdir()
    build = [str(environments["repository"] / "tufline"), "ci", "build"]
    cost_of([*build, "--git-dir", str(git), "--output", str(files)])
    with bucket(kind, place / "copied", python):
        return cost_of([str(python), str(TOP / "bench" / "bucket.py"), kind, "copy", str(files)])


def _point(git: Path, heads: dict[str, str]) -> None:
    for branch, target in heads.items():
        command = ["git", "-C", str(git), "update-ref", f"refs/heads/{branch}"]
        subprocess.run([*command, f"refs/heads/{target}"], check=True)
