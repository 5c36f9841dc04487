"""Which workflow does which job, and how one job asks for another."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from github import UnknownObjectException

from tufline.repository.forge._interface import ForgeFailed, Task
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking

WORKFLOWS: Final = ".github/workflows"
# Each of our workflows, and the branch whose file GitHub runs for it.
BRANCHES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "signing-event": "main",
        "create-signing-events": "main",
        "online-sign": "main",
        "publish": "publish",
        "check": "main",
    }
)


class WorkflowMissing(ForgeFailed):
    """The default branch has no such workflow, or the token may not see it."""

    def __init__(self, workflow: str) -> None:
        super().__init__(f"GitHub knows no workflow {workflow_path(workflow)}")
        self.hint = (
            f"commit {workflow_path(workflow)} to main; `tufline init` writes it. "
            "If it is there, give the token actions: write"
        )


def workflow_file(workflow: str) -> str:
    """Return the name by which the API knows the workflow."""
    return f"{workflow}.yml"


def workflow_path(workflow: str) -> str:
    """Return where the workflow is in the repository."""
    return f"{WORKFLOWS}/{workflow_file(workflow)}"


def request(session: Session, task: Task, event: str | None = None) -> None:
    """Start the task's workflow, with the event as its input `event`."""
    inputs = {} if event is None else {"event": event}
    with asking(f"start {workflow_path(task)}", "actions: write"):
        workflow = session.repository.get_workflow(workflow_file(task))
        try:
            workflow.create_dispatch(BRANCHES[task], inputs, throw=True)
        except UnknownObjectException as error:
            raise WorkflowMissing(task) from error
