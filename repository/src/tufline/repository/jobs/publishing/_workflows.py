"""The workflow files on publish are those of main that online signing accepted."""

from tufline.repository.errors import Refusal
from tufline.repository.history import Commit, History
from tufline.repository.jobs._events import MAIN

WORKFLOWS = ".github/"
"""What lies here says what the forge runs, and so what may deploy."""


class WorkflowsDiffer(Refusal):
    """Somebody other than online signing wrote to the publish branch."""

    hint = "find out who pushed to publish, protect it, and let online signing write it again"

    def __init__(self, paths: tuple[str, ...]) -> None:
        where = ", ".join(paths) if paths else "the publish branch contains no commit of it, so all"
        super().__init__(f"what publish would run is not what main holds: {where}")
        self.paths = paths


def check_workflows(history: History, publish: Commit) -> None:
    """Raise `WorkflowsDiffer` unless `.github` is as on the newest commit of main in `publish`."""
    bases = history.merge_bases(publish, history.resolve(MAIN))
    if not bases:
        raise WorkflowsDiffer(())
    ours = history.files(publish)
    changed = (change.path for base in bases for change in ours.since(history.files(base)))
    differing = tuple(path for path in changed if path.startswith(WORKFLOWS))
    if differing:
        raise WorkflowsDiffer(differing)
