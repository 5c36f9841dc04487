"""Workflows whose runs a test decides on, and that can fail."""

from dataclasses import dataclass

from tufline.repository.forge import ForgeFailed, WorkflowRun


@dataclass(kw_only=True)
class MemoryWorkflows:
    """`Workflows` without a server. With `error` it fails whenever it is asked."""

    runs: tuple[WorkflowRun, ...] = ()
    error: ForgeFailed | None = None

    def latest(self) -> tuple[WorkflowRun, ...]:
        if self.error is not None:
            raise self.error
        return self.runs
