"""GitHub Actions for the emulated GitHub: what its events start is run, one job after another.

    runner = Runner(hub, tools, tmp_path / "runs")
    hub.schedule("octo/tuf", cron="0 */6 * * *")
    runner.settle()     # until no event is left

What GitHub does, and this does as well: it takes the workflow files of the right commit, gives each
job a token of its own that may do what the file says and ends with the job, and keeps jobs out of
environments that their branch may not deploy to. Runs wait for each other, whatever their
concurrency groups; so none is ever cancelled.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

from tests.support.act._act import ActRun
from tests.support.act._rights import may_deploy, rights, variables
from tests.support.act._single_job import REPORTER, Ended, Result, read_report, single_job
from tests.support.act._tools import Tools
from tests.support.act._triggers import starts
from tests.support.act._workflow import FOLDER, Workflow, parse_workflow
from tests.support.github import Hub, Repository, WorkflowEvent

from tufline.repository.history import Commit, open_history

_AT_MOST: Final = 60  # jobs in one go: more is a loop
_TAIL: Final = 60  # lines of a log that a failing test shows
_ODD: Final = re.compile(r"[^\w.-]")  # act takes expressions in the names of folders for its own


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRun:
    """A job that has ended.

    Attributes:
        job: its file and its name, "publish.yml/deploy".
        log: what `act` printed; None if the job never began.
    """

    job: str
    event: str
    ref: str
    actor: str
    permissions: Mapping[str, str]
    result: Result
    seconds: float
    log: Path | None

    def __str__(self) -> str:
        about = f"{self.event} of {self.ref.removeprefix('refs/heads/')}"
        return f"{self.job} ({about}): {self.result} in {self.seconds:.1f} s"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a cloud lets a job use that proves who it is: main's workflow `file`, at `ref`.

    It takes the job's identity, which only `id-token: write` gives.
    """

    file: str
    variables: Mapping[str, str]
    ref: str = "refs/heads/main"


class NotAsExpected(AssertionError):
    """Other jobs failed than should."""

    def __init__(self, runs: Sequence[JobRun], expected: Collection[str]) -> None:
        listed = "\n".join(f"  {run}" for run in runs)
        logs = "".join(
            f"\n{run.job}, {run.log}:\n{_tail(run.log)}"
            for run in runs
            if run.result == "failure" and run.job not in expected and run.log
        )
        failing = ", ".join(sorted(expected)) or "none"
        super().__init__(f"should fail: {failing}; what ran:\n{listed}\n{logs}")


@dataclass(kw_only=True, slots=True)
class Runner:
    """Runs what the hub's events start.

    Attributes:
        folder: keeps what each run has left.
        grants: what clouds let jobs use.
        configuration: variables of the repository, `vars` in workflows.
    """

    hub: Hub
    tools: Tools
    folder: Path
    grants: Sequence[Grant] = ()
    configuration: Mapping[str, str] = field(default_factory=dict)
    runs: list[JobRun] = field(default_factory=list)

    def settle(self, *, failing: Collection[str] = ()) -> Sequence[JobRun]:
        """Run jobs until nothing starts any more; raise unless just `failing` failed."""
        return self._judged(self._drain(), failing)

    def tick(self, repository: str, *, failing: Collection[str] = ()) -> Sequence[JobRun]:
        """Let the time come at which scheduled workflows run, one schedule after another."""
        runs = [*self._drain()]
        for cron in self._crons(repository):
            self.hub.schedule(repository, cron=cron)
            runs += self._drain()
        return self._judged(runs, failing)

    def _drain(self) -> Sequence[JobRun]:
        first = len(self.runs)
        while event := self._next_event():
            for workflow in _started(self.hub, event):
                self._run(event, workflow)
            if len(self.runs) - first > _AT_MOST:
                raise NotAsExpected(self.runs[first:], ["less"])
        return self.runs[first:]

    @staticmethod
    def _judged(runs: Sequence[JobRun], failing: Collection[str]) -> Sequence[JobRun]:
        if {run.job for run in runs if run.result == "failure"} != set(failing):
            raise NotAsExpected(runs, failing)
        return runs

    def _crons(self, repository: str) -> Sequence[str]:
        it = self.hub.repositories[repository]
        with open_history(it.git_dir) as history:
            head = history.resolve(it.default_branch)
        workflows = list(_workflows(it, head))
        return sorted(
            {each["cron"] for one in workflows for each in one.triggers.get("schedule", ())}
        )

    def _next_event(self) -> WorkflowEvent | None:
        with self.hub.lock:
            return self.hub.events.pop(0) if self.hub.events else None

    def _run(self, event: WorkflowEvent, workflow: Workflow) -> None:
        ended: dict[str, Ended] = {}
        number = len(list(self.folder.glob("*"))) + 1 if self.folder.exists() else 1
        branch = event.ref.removeprefix("refs/heads/")
        place = self.folder / f"{number:03d}-{workflow.file}-{_ODD.sub('-', branch)}"
        (place / "artifacts").mkdir(parents=True)
        for job in workflow.in_order():
            ended[job] = self._job(event, workflow, job, ended, place)
        failed = any(each.result == "failure" for each in ended.values())
        self.hub.add_run(
            event.repository,
            workflow.file,
            event=event.name,
            branch=branch,
            conclusion="failure" if failed else "success",
            sha=event.sha,
        )

    def _job(
        self,
        event: WorkflowEvent,
        workflow: Workflow,
        job: str,
        ended: Mapping[str, Ended],
        place: Path,
    ) -> Ended:
        repository = self.hub.repositories[event.repository]
        permissions = workflow.permissions(job, repository.default_workflow_permissions)
        began = monotonic()
        log = None
        if may_deploy(self.hub, repository, workflow.environment(job), event.ref):
            act = self._act(event, workflow, job, ended, place, permissions)
            how, log = self._ended(act, job), act.log
        else:
            how = Ended(result="failure")
        self.runs.append(
            JobRun(
                job=f"{workflow.file}/{job}",
                event=event.name,
                ref=event.ref,
                actor=event.actor,
                permissions=permissions,
                result=how.result,
                seconds=monotonic() - began,
                log=log,
            )
        )
        return how

    def _ended(self, act: ActRun, job: str) -> Ended:
        """Run the job, with a token that is worth nothing afterwards."""
        act.run(self.tools)
        self.hub.tokens.pop(act.secrets["GITHUB_TOKEN"])
        report = act.folder / "ended.json"
        assert report.exists(), f"act stopped, {act.log}:\n{_tail(act.log)}"
        return read_report(report.read_text(), job)

    def _act(
        self,
        event: WorkflowEvent,
        workflow: Workflow,
        job: str,
        ended: Mapping[str, Ended],
        place: Path,
        permissions: Mapping[str, str],
    ) -> ActRun:
        folder = place / job
        token = self.hub.token(
            event.actor, repository=event.repository, permissions=permissions, kind="actions"
        )
        return ActRun(
            folder=folder,
            workflow=single_job(workflow, job, ended),
            job=REPORTER,
            event=event.name,
            payload=event.payload,
            secrets={"GITHUB_TOKEN": token},
            github=variables(self.hub, event, workflow, number=int(place.name[:3])),
            variables={
                "TUFLINE_NOW": self.hub.now().isoformat(),
                "HARNESS_ARTIFACTS": str(place / "artifacts"),
                "HARNESS_REPORT": str(folder / "ended.json"),
                **rights(self.hub.repositories[event.repository], workflow, job, permissions),
                **self._granted(event, workflow, permissions),
            },
            actions=self.tools.replacements(workflow.uses()),
            configuration=self.configuration,
        )

    def _granted(
        self, event: WorkflowEvent, workflow: Workflow, permissions: Mapping[str, str]
    ) -> Mapping[str, str]:
        granted: dict[str, str] = {}
        for grant in self.grants:
            if (grant.file, grant.ref) == (workflow.file, event.ref):
                granted.update(grant.variables if permissions.get("id-token") == "write" else {})
        return granted


def _started(hub: Hub, event: WorkflowEvent) -> Iterator[Workflow]:
    """Yield the workflows of the event's commit that it starts.

    The emulator says which commit that is: for a push the pushed, for a dispatch that of the given
    ref, for a fork's pull request its base, for a schedule that of the default branch.
    """
    repository = hub.repositories[event.repository]
    for workflow in _workflows(repository, event.sha):
        if workflow.file not in repository.disabled_workflows and starts(workflow, event):
            yield workflow


def _workflows(repository: Repository, commit: str) -> Iterator[Workflow]:
    with open_history(repository.git_dir) as history:
        files = history.files(Commit(commit))
        found = dict(files.read_many(files.below(FOLDER.removesuffix("/"))))
    for entry, data in found.items():
        if entry.path.endswith((".yml", ".yaml")):
            yield parse_workflow(entry.path, commit, data)


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-_TAIL:])
