"""One fault at any operation of any port: a job is killed, or the port fails, before or after it.

    plan = FaultPlan(nth=7, when=When.AFTER)
    history = plan.watch(history, "history")        # and so on for each port of the job

`history.move(...)` then counts as an operation; the seventh of all of them fails.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

from tests.support.memory_history import Killed, When

Port = TypeVar("Port")


def killed(port: str) -> BaseException:
    """Return what no job can swallow."""
    return Killed(port)


@dataclass(kw_only=True)
class FaultPlan:
    """Fail once, at the `nth` operation (from 1) that the watched ports are asked for together.

    `error` makes what is raised from the name of the port. With `nth` 0 nothing fails.
    """

    nth: int = 0
    when: When = When.BEFORE
    error: Callable[[str], BaseException] = killed
    performed: list[str] = field(default_factory=list)

    @property
    def struck(self) -> bool:
        """Whether the fault has happened."""
        return 0 < self.nth <= len(self.performed)

    def watch(self, port: Port, name: str) -> Port:
        """Return the port with every operation counted."""
        return cast("Port", _Watched(self, port, name))

    def perform(self, name: str, operation: str, effect: Callable[[], Any]) -> Any:  # noqa: ANN401 - any port's
        """Do one operation, or fail as planned."""
        self.performed.append(f"{name}.{operation}")
        strikes = len(self.performed) == self.nth
        if strikes and self.when is When.BEFORE:
            raise self.error(name)
        result = effect()
        if strikes:
            raise self.error(name)
        return result


class _Watched:
    def __init__(self, plan: FaultPlan, port: object, name: str) -> None:
        self._plan = plan
        self._port = port
        self._name = name

    def __getattr__(self, operation: str) -> Any:  # noqa: ANN401 - any port's
        method = getattr(self._port, operation)
        if not callable(method):  # a fact about the port, which cannot fail
            return method

        def watched(*args: object, **options: object) -> Any:  # noqa: ANN401 - any port's
            effect = partial(method, *args, **options)
            return self._plan.perform(self._name, operation, effect)

        return watched
