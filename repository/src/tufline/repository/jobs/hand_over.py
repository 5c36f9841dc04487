"""Job: all that a workflow does which a pushed branch or a pull request starts.

Whoever pushes a branch can change its workflow.
"""

from tufline.repository.forge import Forge, Task
from tufline.repository.jobs._events import EVENT_PREFIX, MAIN, NotAnEvent


def hand_over(forge: Forge, name: str) -> None:
    """Have main's own workflow look at the event; for `main` at all there is to it.

    Raises `NotAnEvent`.
    """
    if name == MAIN:
        forge.request(Task.SIGNING_EVENT)
        return
    if not name.startswith(EVENT_PREFIX):
        raise NotAnEvent(name)
    forge.request(Task.SIGNING_EVENT, name)
