"""make bench: seconds and peak memory of what people and jobs run, on repositories of three sizes.

Each distribution is installed as its users install it. Every figure is the median of some runs,
and stands beside a ratio to a plain program that does the least that anyone could do for the same
answer, in the same run: so that a slow day of the machine does not look like a slow Tufline.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.environments import make_environment
from bench.fixture import NOW, make_fixture

TOP: Final = Path(__file__).resolve().parent.parent
SIZES: Final = ((10, 10), (100, 100), (1000, 100))
RUNS: Final = 3

# Reads every object of a repository once: a floor for whatever must see all of it.
READ_ALL: Final = "git -C {git} cat-file --batch-all-objects --batch --unordered > /dev/null"
# Starts Python and the two libraries that every review needs.
START: Final = "{python} -c 'import click, tuf.api.metadata'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one run cost, its children included."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """One thing to measure. `limit` is DESIGN's figure for the largest size, in seconds."""

    name: str
    command: list[str]
    floor: str
    before: Callable[[], None]
    limit: float


def main() -> int:
    """Measure, print a table, and say which figures of the design do not hold."""
    arguments = _arguments()
    folder = TOP / ".bench"
    shutil.rmtree(folder, ignore_errors=True)
    environments = {
        name: make_environment(name, folder / "environments")
        for name in ("repository", "signer", "online_sign")
    }
    missed = []
    for roles, artifacts in SIZES[: arguments.sizes]:
        stage = Stage(folder / f"{roles}x{artifacts}", environments, roles, artifacts)
        print(f"\n{roles} roles x {artifacts} artifacts")
        largest = (roles, artifacts) == SIZES[-1]
        missed += [name for name in stage.measure() if largest]
    if missed:
        print(f"\nover the design's figure: {', '.join(missed)}")
    return 1 if missed else 0


class Stage:
    """A repository of one size, put back to its first state before each run."""

    def __init__(
        self, folder: Path, environments: dict[str, Path], roles: int, artifacts: int
    ) -> None:
        self._folder = folder
        self._environments = environments
        self._git = make_fixture(folder, roles=roles, artifacts=artifacts)
        self._heads = self._run_git("for-each-ref", "--format=%(refname) %(objectname)")
        self._output = folder / "published"
        os.environ["CRYPTO_SIGNER_PATH_PREFIX"] = str(folder / "keys")
        os.environ["TUFLINE_NOW"] = NOW.isoformat()

    def measure(self) -> Iterator[str]:
        """Print a line per bench; yield the names of those over their limit."""
        print(f"  {'':34}{'seconds':>9}{'MB':>7}{'x floor':>9}{'limit':>8}")
        for bench in self._benches():
            costs = [self._cost(bench) for _ in range(RUNS)]
            seconds = statistics.median(cost.seconds for cost in costs)
            megabytes = max(cost.megabytes for cost in costs)
            ratio = seconds / self._floor(bench)
            line = f"  {bench.name:34}{seconds:9.2f}{megabytes:7.0f}{ratio:9.1f}{bench.limit:8.2f}"
            print(line, flush=True)
            if seconds > bench.limit:
                yield bench.name

    def _benches(self) -> Iterator[Bench]:
        signer = str(self._environments["signer"] / "tufline")
        repository = str(self._environments["repository"] / "tufline")
        online = str(self._environments["online_sign"] / "tufline")
        where = ["--git-dir", str(self._git)]
        review = [signer, "review", *where, "--json"]
        change = ["--base", "main", "--event", "sign/one-change"]
        build = [repository, "ci", "build", *where, "--output", str(self._output)]

        def bench(
            name: str, command: list[str], floor: str, before: Callable[[], None], limit: float
        ) -> Bench:
            return Bench(name=name, command=command, floor=floor, before=before, limit=limit)

        yield bench("tufline --help", [signer, "--help"], START, self._reset, 0.14)
        yield bench("review of one changed role", [*review, *change], START, self._reset, 0.38)
        whole = [*review, "--event", "sign/one-change"]
        yield bench("review of the whole state", whole, READ_ALL, self._reset, 2.5)
        event = [repository, "ci", "signing-event", "sign/artifact-only", *where]
        yield bench("update targets", event, START, self._reset, 0.89)
        sign = [online, "ci", "online-sign", *where]
        yield bench("online sign, with its review", sign, READ_ALL, self._accept, 2.8)
        yield bench("full build", build, READ_ALL, self._empty_output, 8.9)
        yield bench("build after one change", build, START, self._publish_change, 0.89)

    def _reset(self) -> None:
        """Put all branches back."""
        shutil.rmtree(self._git / "tufline", ignore_errors=True)
        updates = "".join(f"update {line}\n" for line in self._heads.splitlines())
        self._run_git("update-ref", "--stdin", text=updates)

    def _accept(self) -> None:
        """Let main hold the signed change, and publish what was before it."""
        self._reset()
        self._run_git("update-ref", "refs/heads/main", "refs/heads/sign/one-change")

    def _empty_output(self) -> None:
        self._reset()
        shutil.rmtree(self._output, ignore_errors=True)

    def _publish_change(self) -> None:
        """Build what was before the change, then sign the change online."""
        self._empty_output()
        repository, online = (self._environments[name] for name in ("repository", "online_sign"))
        where = ["--git-dir", str(self._git)]
        build = [str(repository / "tufline"), "ci", "build", *where, "--output", str(self._output)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        self._accept()
        sign = [str(online / "tufline"), "ci", "online-sign", *where]
        subprocess.run(sign, check=True, stdout=subprocess.DEVNULL)

    def _cost(self, bench: Bench) -> Cost:
        bench.before()
        start = time.perf_counter()
        process = subprocess.Popen(bench.command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(bench.command)}: exit status {process.returncode}")
        return Cost(seconds=seconds, megabytes=usage.ru_maxrss / 1024)

    def _floor(self, bench: Bench) -> float:
        python = self._environments["signer"] / "python"
        command = bench.floor.format(git=self._git, python=python)
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            subprocess.run(["sh", "-c", command], check=True)
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    def _run_git(self, *arguments: str, text: str | None = None) -> str:
        command = ["git", "-C", str(self._git), *arguments]
        done = subprocess.run(command, input=text, check=True, capture_output=True, text=True)
        return done.stdout


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many sizes, small first")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
