"""Workflows that are held in memory, and that can fail."""

from tufline.repository.forge import WorkflowRun


class MemoryWorkflows:
    """A `Workflows` that answers `runs`, or raises `error`."""

    def __init__(self, *runs: WorkflowRun, error: Exception | None = None) -> None:
        self.runs = runs
        self.error = error

    def latest(self) -> tuple[WorkflowRun, ...]:
        if self.error is not None:
            raise self.error
        return self.runs
