"""A forge that is held in memory, and that can fail before or after an operation took effect."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TypeVar

from tests.support.memory_history import Fault, When

from tufline.repository.forge import Ask, Contribution, EventStatus, ProposalFacts, Task
from tufline.repository.history import Author, Commit, History, Move, Moved

T = TypeVar("T")


class MemoryForge:
    """A `Forge` without a server. `performed` lists the operations in order.

    `told` are the asks that people were told of, `requested` the tasks, `offered` what forks offer
    (by event) and `declined` what was answered (by number); `proposed` are the others, and
    `cleared` is what is shown of these, by head. With `merges_in`, a history, the forge
    merges by itself, as one with pull requests does.
    """

    def __init__(self, *, fault: Fault | None = None, merges_in: History | None = None) -> None:
        self.told: list[tuple[str, Ask]] = []
        self.requested: list[tuple[Task, str | None]] = []
        self.offered: dict[str, list[Contribution]] = {}
        self.declined: dict[int, tuple[Commit, str]] = {}
        self.proposed: list[Contribution] = []
        self.cleared: dict[Commit, tuple[bool, str]] = {}
        self._merges_in = merges_in
        self.fault = fault
        self.performed: list[str] = []
        self._statuses: dict[str, EventStatus] = {}
        self._problems: dict[str, str] = {}

    def statuses(self) -> Mapping[str, EventStatus]:
        return self._perform("statuses", lambda: dict(sorted(self._statuses.items())))

    def show(self, status: EventStatus) -> None:
        def effect() -> None:
            shown = self._statuses.get(status.event)
            before = shown.asks if shown else ()
            self.told += [(status.event, ask) for ask in status.asks if ask not in before]
            self._statuses[status.event] = status

        self._perform("show", effect)

    def forget(self, event: str) -> None:
        self._perform("forget", lambda: self._statuses.pop(event, None))

    def problems(self) -> Mapping[str, str]:
        return self._perform("problems", lambda: dict(sorted(self._problems.items())))

    def open_problem(self, job: str, text: str) -> None:
        self._perform("open_problem", lambda: self._problems.update({job: text}))

    def close_problem(self, job: str) -> None:
        self._perform("close_problem", lambda: self._problems.pop(job, None))

    def merge(self, event: str, *, head: Commit, message: str) -> Commit | None:
        def effect() -> Commit | None:
            history = self._merges_in
            return None if history is None else _merged(history, event, head, message)

        return self._perform("merge", effect)

    def contributions(self, event: str) -> tuple[Contribution, ...]:
        def is_open(each: Contribution) -> bool:
            return self.declined.get(each.number, (None, ""))[0] != each.head

        offered = self.offered.get(event, [])
        return self._perform("contributions", lambda: tuple(filter(is_open, offered)))

    def decline(self, contribution: Contribution, reason: str) -> None:
        answer = {contribution.number: (contribution.head, reason)}
        self._perform("decline", lambda: self.declined.update(answer))

    def others(self) -> tuple[Contribution, ...]:
        newest = sorted(self.proposed, key=attrgetter("number"), reverse=True)
        return self._perform("others", lambda: tuple(newest[:100]))

    def clear(self, proposal: Contribution, *, allowed: bool, summary: str) -> None:
        shown = {proposal.head: (allowed, summary)}
        self._perform("clear", lambda: self.cleared.update(shown))

    def request(self, task: Task, event: str | None = None) -> None:
        self._perform("request", lambda: self.requested.append((task, event)))

    def facts(self, merge: Commit) -> ProposalFacts:
        return self._perform("facts", lambda: ProposalFacts(title=f"merged as {merge[:7]}"))

    def _perform(self, operation: str, effect: Callable[[], T]) -> T:
        self.performed.append(operation)
        struck = self._struck(operation)
        if struck and struck.when is When.BEFORE:
            raise struck.error
        result = effect()
        if struck:
            raise struck.error
        return result

    def _struck(self, operation: str) -> Fault | None:
        fault = self.fault
        if fault is None or fault.operation not in {None, operation}:
            return None
        calls = [name for name in self.performed if fault.operation in {None, name}]
        return fault if len(calls) == fault.nth else None


def _merged(history: History, event: str, head: Commit, message: str) -> Commit:
    main = history.resolve("main")
    for info in history.first_parents(main):
        if head in info.parents:
            return info.id
    if history.branches(event).get(event) != head:
        raise Moved(event)
    (base,) = history.merge_bases(main, head)
    changed = history.files(head).since(history.files(base))
    merged = history.write(
        tree=main,
        changes={change.path: change.after for change in changed},
        parents=[main, head],
        message=message,
        author=Author(name="forge", email="forge@example.org"),
        when=history.info(head).when,
    )
    history.move([Move(branch="main", old=main, new=merged)])
    return merged
