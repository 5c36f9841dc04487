"""make bench: seconds and peak memory of what people and jobs run, on repositories of three sizes.

Each distribution is installed as its users install it. Every figure is the median of some runs, and
stands beside a ratio to a plain program that does the least that anyone could do for the same
answer, in the same run: so that a slow day of the machine does not look like a slow Tufline.
Publishing to buckets takes long, so it is run once; `--stores` says to which kinds, if any.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.measure import RUNS, cost_of, seconds_of
from bench.publishing import publications
from bench.servers import PROGRAMS

TOP: Final = Path(__file__).resolve().parent.parent
SIZES: Final = ((10, 10), (100, 100), (1000, 100))
MOST_MEGABYTES: Final = 150
# A shadow signs all metadata anew, so it holds the repository twice.
MOST_MEGABYTES_OF_A_SHADOW: Final = 200
NOW: Final = datetime.now(UTC).replace(microsecond=0).isoformat()

# Starts Python and the two libraries that every review needs.
START: Final = "{python} -c 'import click, tuf.api.metadata'"
# Reads every object of a repository once.
READ_ALL: Final = "git -C {git} cat-file --batch-all-objects --batch --unordered > /dev/null"
# Writes as many files of the same size, and does nothing else.
WRITE_ALL: Final = "{python} {top}/bench/write_files.py $(mktemp -d -p {folder}) {size}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """One thing to measure.

    Attributes:
        command: what run number `n` executes.
        before: what puts the repository into the state that run `n` starts from.
        limit: the design's figure for the largest size, in seconds; None: it states none.
        megabytes: how much memory it may take.
    """

    name: str
    command: Callable[[int], list[str]]
    floor: str
    before: Callable[[int], None]
    limit: float | None = None
    megabytes: int = MOST_MEGABYTES


def main() -> int:
    """Measure, print a table, and say which figures of the design do not hold."""
    arguments = _arguments()
    folder = TOP / ".bench"
    shutil.rmtree(folder, ignore_errors=True)
    environments = _environments(folder / "environments", with_clouds=bool(arguments.stores))
    missed = []
    for roles, artifacts in SIZES[: arguments.sizes]:
        stage = Stage(folder / f"{roles}x{artifacts}", environments, roles, artifacts)
        print(f"\n{roles} roles x {artifacts} artifacts")
        largest = (roles, artifacts) == SIZES[-1]
        missed += [name for name in stage.measure() if largest]
        for kind in arguments.stores:
            missed += [name for name in stage.measure_store(kind) if largest]
    if missed:
        print(f"\nover the design's figures: {', '.join(missed)}")
    return 1 if missed else 0


class Stage:
    """A repository of one size, put back to its first state before each run."""

    def __init__(
        self, folder: Path, environments: dict[str, Path], roles: int, artifacts: int
    ) -> None:
        self._folder = folder
        self._environments = environments
        self._git = folder / "repository.git"
        self._size = f"{roles} {artifacts} 256"
        make = [sys.executable, "-m", "bench.fixture", str(folder), str(roles), str(artifacts), NOW]
        subprocess.run(make, check=True, cwd=TOP)
        self._heads = self._run_git("for-each-ref", "--format=%(refname) %(objectname)")
        os.environ["CRYPTO_SIGNER_PATH_PREFIX"] = str(folder / "keys")
        os.environ["TUFLINE_NOW"] = NOW

    def measure(self) -> Iterator[str]:
        """Print a line per bench; yield the names of those over a figure of the design."""
        print(f"  {'':34}{'seconds':>9}{'MB':>7}{'x floor':>9}{'limit':>8}")
        for bench in self._benches():
            costs = []
            for number in range(RUNS):
                bench.before(number)
                costs.append(cost_of(bench.command(number)))
            seconds = statistics.median(cost.seconds for cost in costs)
            megabytes = max(cost.megabytes for cost in costs)
            ratio = seconds / self._floor(bench)
            limit = "" if bench.limit is None else f"{bench.limit:.2f}"
            line = f"  {bench.name:34}{seconds:9.2f}{megabytes:7.0f}{ratio:9.1f}{limit:>8}"
            print(line, flush=True)
            if seconds > (bench.limit or seconds) or megabytes > bench.megabytes:
                yield bench.name

    def measure_store(self, kind: str) -> Iterator[str]:
        """Print a line per publication to a bucket; yield the names of those that cost too much."""
        self._reset()
        for done in publications(kind, self._folder, self._environments):
            cost, limit = done.cost, done.most * done.compared
            line = f"{cost.seconds:9.2f}{cost.megabytes:7.0f}{done.ratio:9.3f}{limit:8.2f}"
            print(f"  {done.name:34}{line}", flush=True)
            if cost.seconds > limit:
                yield done.name

    def _benches(self) -> Iterator[Bench]:
        yield self._bench("tufline --help", ["--help"], limit=0.14)
        change = ["review", "--json", "--base", "main", "--event", "sign/one-change"]
        yield self._bench("review of one changed role", change, limit=0.38)
        whole = ["review", "--json", "--event", "sign/one-change"]
        yield self._bench("review of the whole state", whole, floor=READ_ALL, limit=2.5)
        event = ["ci", "signing-event", "sign/artifact-only"]
        update = self._bench("update targets, with its shadow", event, part="repository")
        yield replace(update, megabytes=MOST_MEGABYTES_OF_A_SHADOW)
        sign = ["ci", "online-sign"]
        yield self._bench(
            "online sign, with its review",
            sign,
            part="online_sign",
            floor=READ_ALL,
            before=self._accept,
            limit=2.8,
        )
        build = ["ci", "build", "--output", "{output}"]
        yield self._bench(
            "full build", build, part="repository", floor=WRITE_ALL, before=self._make, limit=8.9
        )
        yield self._bench(
            "build after one change", build, part="repository", before=self._sign_change, limit=0.89
        )

    def _bench(
        self,
        name: str,
        arguments: list[str],
        *,
        part: str = "signer",
        floor: str = START,
        before: Callable[[int], None] | None = None,
        limit: float | None = None,
    ) -> Bench:
        def command(number: int) -> list[str]:
            words = [word.format(output=self._output(number)) for word in arguments]
            where = [] if "--help" in words else ["--git-dir", str(self._git)]
            return [str(self._environments[part] / "tufline"), *words, *where]

        return Bench(
            name=name, command=command, floor=floor, before=before or self._reset, limit=limit
        )

    def _reset(self, _number: int = 0) -> None:
        """Put all branches back."""
        shutil.rmtree(self._git / "tufline", ignore_errors=True)
        updates = "".join(f"update {line}\n" for line in self._heads.splitlines())
        self._run_git("update-ref", "--stdin", text=updates)

    def _accept(self, _number: int = 0) -> None:
        """Let main hold the signed change, and publish what was before it."""
        self._reset()
        self._run_git("update-ref", "refs/heads/main", "refs/heads/sign/one-change")

    def _output(self, number: int) -> Path:
        """Return a folder of each run's own: removing many files slows what comes after it."""
        return self._folder / f"published-{number}"

    def _make(self, number: int) -> None:
        self._reset()
        self._output(number).mkdir()

    def _sign_change(self, _number: int) -> None:
        """Sign the change online, over the state that the full build left in the folder."""
        self._accept()
        online = str(self._environments["online_sign"] / "tufline")
        cost_of([online, "ci", "online-sign", "--git-dir", str(self._git)])

    def _floor(self, bench: Bench) -> float:
        python = self._environments["signer"] / "python"
        names = {"git": self._git, "python": python, "top": TOP, "folder": self._folder}
        return seconds_of(bench.floor.format(**names, size=self._size))

    def _run_git(self, *arguments: str, text: str | None = None) -> str:
        command = ["git", "-C", str(self._git), *arguments]
        done = subprocess.run(command, input=text, check=True, capture_output=True, text=True)
        return done.stdout


def _environments(folder: Path, *, with_clouds: bool) -> dict[str, Path]:
    """Make one environment per distribution, and return where the commands of each are."""
    makers = dict.fromkeys(("repository", "signer", "online_sign"), sys.executable)
    if with_clouds:
        makers["publish"] = str(TOP / ".clouds" / "bin" / "python")
    for name, python in makers.items():
        make = [python, "-m", "bench.environments", name, str(folder)]
        subprocess.run(make, check=True, cwd=TOP)
    return {name: folder / name / "bin" for name in makers}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many sizes, small first")
    parser.add_argument(
        "--stores",
        nargs="*",
        choices=tuple(PROGRAMS),
        default=["s3"],
        help="kinds of buckets to publish to",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
