"""How our workflows fared on GitHub (`Workflows`)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from github import UnknownObjectException
from github.WorkflowRun import WorkflowRun as Run

from tufline.repository.forge._runs import WorkflowRun
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking
from tufline.repository.forge.github._tasks import BRANCHES, workflow_file, workflow_path

_SUCCEEDED: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "success": True,
        "failure": False,
        "timed_out": False,
        "startup_failure": False,
        "action_required": False,
    }
)


class GitHubWorkflows:
    """Runs of the files in `.github/workflows` on main, on `publish` for the one that publishes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def latest(self) -> tuple[WorkflowRun, ...]:
        """Return the newest completed run of each workflow."""
        with asking("list the runs of the workflows", "actions: read"):
            return tuple(self._latest())

    def _latest(self) -> Iterator[WorkflowRun]:
        for workflow, branch in BRANCHES.items():
            run = next(self._runs(workflow, branch), None)
            if run is not None:
                yield _shown(workflow, run)

    def _runs(self, workflow: str, branch: str) -> Iterator[Run]:
        """Yield the completed runs, newest first; none of a workflow that does not exist."""
        known = self._session.repository.get_workflow(workflow_file(workflow))
        with suppress(UnknownObjectException):
            for run in known.get_runs(branch=branch, status="completed"):
                if self._is_ours(run, workflow, branch):
                    yield run

    def _is_ours(self, run: Run, workflow: str, branch: str) -> bool:
        """Return whether nobody but who may change the branch brought the run about.

        The name of a fork's branch may be `main`, too.
        """
        home = getattr(run.head_repository, "full_name", "")
        path = run.path.partition("@")[0]
        return (
            home.casefold() == self._session.full_name.casefold()
            and path == workflow_path(workflow)
            and run.head_branch == branch
        )


def _shown(workflow: str, run: Run) -> WorkflowRun:
    return WorkflowRun(
        workflow=workflow,
        succeeded=_SUCCEEDED.get(run.conclusion),
        when=run.created_at,
        trigger=run.event,
        url=run.html_url,
    )
