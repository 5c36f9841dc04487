"""What all workflows need to run here, made once; and how long the jobs took, said at the end."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeAlias

import pytest
from tests.support.act import ACT, NO_ACT, JobRun, Tools, make_tools

ReportJobs: TypeAlias = Callable[[Iterable[JobRun]], None]
_PROPERTY = "workflow job"


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    if not ACT.exists():
        pytest.skip(NO_ACT)
    return make_tools(tmp_path_factory.mktemp("tools"))


@pytest.fixture
def report_jobs(record_property: Callable[[str, object], None]) -> ReportJobs:
    """Have the jobs listed when all tests are done, with what each took."""

    def report(runs: Iterable[JobRun]) -> None:
        for run in runs:
            record_property(_PROPERTY, (run.job, run.seconds))

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seconds: dict[str, list[float]] = {}
    for report in chain.from_iterable(terminalreporter.stats.values()):
        for job, took in _jobs(report):
            seconds.setdefault(job, []).append(took)
    for job in sorted(seconds):
        each = seconds[job]
        terminalreporter.write_line(f"{job}: {len(each)} runs, {sum(each) / len(each):.1f} s each")


def _jobs(report: object) -> Iterator[tuple[str, float]]:
    if isinstance(report, pytest.TestReport) and report.when == "teardown":
        for name, value in report.user_properties:
            if name == _PROPERTY and isinstance(value, tuple | list):
                yield str(value[0]), float(value[1])
