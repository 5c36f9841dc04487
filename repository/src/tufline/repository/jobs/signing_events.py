"""Job: bring all signing events up to date, such as after main has moved.

An event that fails is reported and does not stop the others. Those whose status is out of date come
first, so that a run which was cut short gets further when it is run again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tufline.repository.forge import EventStatus, Task
from tufline.repository.history import Commit
from tufline.repository.jobs._after_merge import request_online_signing
from tufline.repository.jobs._conflicts import Conflicts
from tufline.repository.jobs._events import EVENT_PREFIX, MAIN
from tufline.repository.jobs._steps import Step, run_step
from tufline.repository.jobs.other_changes import other_changes
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.signing_event import Around, bring_up_to_date

_STEP: Final = "signing-event "
_MOST_REQUESTS: Final = 20

SignOnline = Callable[[Place, str], tuple[str, ...]]
"""Signs the online-signed roles of an event; returns those that it signed."""


def signing_events(place: Place) -> Iterator[Step]:
    """Bring up to date each open event, and each that is shown but over, yielding each as done.

    Then say which other pull requests may be merged, the newest 100 at most.

    What others have to do then is asked for at the end, once for all events: online signing of
    main, and another run where main has moved meanwhile. What is asked for by event, such as its
    online signing, is for 20 of them at most: the others are left to the next run.
    """
    place.history.refresh()
    main = place.history.resolve(MAIN)
    pass_ = Pass(place)
    yield from pass_.steps()
    for job, act in (
        ("other-changes", partial(other_changes, place)),
        ("signing-event", partial(_request, place, pass_.wanted, main)),
    ):
        step = run_step(place, job, act, shown=pass_.problems)
        if step.problem is not None or step.said:
            yield step


def _request(place: Place, wanted: list[tuple[Task, str]], main: Commit) -> str:
    request_online_signing(place)
    for task, name in wanted[:_MOST_REQUESTS]:
        place.forge.request(task, name)
    if place.history.resolve(MAIN) != main:
        place.forge.request(Task.SIGNING_EVENT)
    return ""


@dataclass
class Pass:
    """One look at all events.

    Attributes:
        sign_online: how to sign what waits for an online key, where that can be done at once.
        wanted: the jobs that are to look at an event after it.
        problems: those that were open before it.
    """

    place: Place
    sign_online: SignOnline | None = None
    wanted: list[tuple[Task, str]] = field(default_factory=list)
    problems: Mapping[str, str] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Yield each event as it is done."""
        forge, history = self.place.forge, self.place.history
        shown, self.problems = dict(forge.statuses()), forge.problems()
        conflicts = Conflicts(history, now=self.place.now, verifiers=self.place.verifiers)
        around = Around(shown=shown, conflicts=conflicts)
        failed = (job.removeprefix(_STEP) for job in self.problems if job.startswith(_STEP))
        heads, main = history.branches(EVENT_PREFIX), history.resolve(MAIN)
        names = dict.fromkeys((*heads, *shown, *failed))

        def is_current(name: str) -> bool:
            status = shown.get(name)
            return status is not None and (status.main, status.head) == (main, heads.get(name))

        for name in sorted(names, key=is_current):
            job, act = f"{_STEP}{name}", partial(self._bring, name, around, shown)
            yield run_step(self.place, job, act, shown=self.problems)

    def _bring(self, name: str, around: Around, shown: dict[str, EventStatus]) -> str:
        outcome = bring_up_to_date(self.place, name, around)
        sign = self.sign_online if outcome.waits_for_online_key else None
        if sign is not None and sign(self.place, name):
            if outcome.status is not None:
                shown[name] = outcome.status
            outcome = bring_up_to_date(self.place, name, around)
        self.wanted += [(task, name) for task in sorted(outcome.tasks)]
        if outcome.status is None:
            self.place.forge.forget(name)
            return "merged" if outcome.merged else "over"
        return outcome.status.verdict
