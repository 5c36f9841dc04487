"""The port to whoever is told, and what they are told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tufline.repository.errors import EnvironmentProblem


class Kind(StrEnum):
    """What a notice is about."""

    PROBLEM = "problem"
    MENDED = "mended"
    ASKED = "asked"


class Severity(StrEnum):
    """How bad it is. The words are those of PagerDuty."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What somebody is told.

    Attributes:
        key: equal for all notices of one matter, such as a problem and its end; names it within
            the repository.
        title: one line of plain text.
        text: plain text, any number of lines.
        url: where to look; from us or the forge, never from a stranger.
    """

    kind: Kind
    key: str
    title: str
    text: str
    url: str | None = None
    severity: Severity = Severity.ERROR


class NotSent(EnvironmentProblem):
    """A notice did not reach a sink, or nobody knows whether it did."""

    hint = "see what [notify] and [watch] in tufline.toml need: docs/settings.md"

    def __init__(self, sink: str, reason: str) -> None:
        super().__init__(f"{sink}: {reason}")
        self.sink = sink
        self.reason = reason


class Sink(Protocol):
    """Somebody who is told."""

    @property
    def name(self) -> str:
        """How messages name the sink. It holds no secret."""
        ...

    def send(self, notice: Notice) -> None:
        """Tell them now; raise `NotSent`, whose message holds no secret and no answer of others.

        A notice that is sent twice is harmless. Takes a minute at most.
        """
        ...
