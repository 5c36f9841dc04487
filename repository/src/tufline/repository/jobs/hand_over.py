"""Job: all that the workflow of a pushed branch does, for whoever pushes can change it."""

from tufline.repository.forge import Forge, Task
from tufline.repository.jobs._events import EVENT_PREFIX, NotAnEvent


def hand_over(forge: Forge, name: str) -> None:
    """Have main's own workflow look at the event; raise `NotAnEvent`."""
    if not name.startswith(EVENT_PREFIX):
        raise NotAnEvent(name)
    forge.request(Task.SIGNING_EVENT, name)
