"""A forge that is held in memory, and that can fail before or after an operation took effect."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from tests.support.memory_history import Fault, When

from tufline.repository.forge import EventStatus

T = TypeVar("T")


class MemoryForge:
    """A `Forge` without a server. `performed` lists the operations in order."""

    def __init__(self, *, fault: Fault | None = None) -> None:
        self.fault = fault
        self.performed: list[str] = []
        self._statuses: dict[str, EventStatus] = {}
        self._problems: dict[str, str] = {}

    def statuses(self) -> Mapping[str, EventStatus]:
        return self._perform("statuses", lambda: dict(sorted(self._statuses.items())))

    def show(self, status: EventStatus) -> None:
        self._perform("show", lambda: self._statuses.update({status.event: status}))

    def forget(self, event: str) -> None:
        self._perform("forget", lambda: self._statuses.pop(event, None))

    def problems(self) -> Mapping[str, str]:
        return self._perform("problems", lambda: dict(sorted(self._problems.items())))

    def open_problem(self, job: str, text: str) -> None:
        self._perform("open_problem", lambda: self._problems.update({job: text}))

    def close_problem(self, job: str) -> None:
        self._perform("close_problem", lambda: self._problems.pop(job, None))

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
