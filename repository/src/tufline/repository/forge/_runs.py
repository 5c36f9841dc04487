"""The port to how workflows fared, for the job that watches over the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowRun:
    """The newest completed run of one of our workflows, on the branch that it belongs to.

    Attributes:
        workflow: "signing-event", "create-signing-events", "online-sign", "publish" or "check".
        succeeded: None if it neither worked nor failed: it was cancelled or skipped.
        when: when it was started, UTC.
        trigger: what started it: "schedule", "push", "workflow_dispatch", ...
        url: where its log can be read.
    """

    workflow: str
    succeeded: bool | None
    when: datetime
    trigger: str
    url: str


class Workflows(Protocol):
    """How our workflows fared. May raise `ForgeFailed`."""

    def latest(self) -> tuple[WorkflowRun, ...]:
        """Return the newest completed run of each workflow, without those that never completed.

        Runs that others can bring about, by a branch or a fork of theirs, do not count.
        """
        ...
