"""What a validator looks at, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """An artifact that is validated, and what lies around it.

    Attributes:
        artifact: its path as a TUF target.
        before: its bytes in known good; None where it is new.
        siblings: the other artifacts of its folder that matter to it, by their names there.
    """

    artifact: str
    data: bytes
    now: datetime
    before: bytes | None = None
    siblings: Mapping[str, bytes] = field(default_factory=dict)


Bundled: TypeAlias = Callable[[Subject], Sequence[str]]
"""A validator that comes with Tufline: pure and total. Each problem is one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sound:
    """The validator has nothing against the artifact."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsound:
    """The artifact must not be published as it is."""

    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Undecided:
    """The validator could not be run, or did not end: that says nothing of the artifact."""

    why: str


Opinion: TypeAlias = Sound | Unsound | Undecided


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """What one validator says of one artifact."""

    validator: str
    artifact: str
    opinion: Opinion


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A program to run on one artifact.

    Attributes:
        command: the program and its arguments. A word that begins with "./" names a file of known
            good, never of the machine or of the event.
        programs: files of known good that the command needs, by path there.
        artifact: the path of the artifact, which is among `artifacts`.
        artifacts: what the program finds in its folder, by their paths as TUF targets.
        timeout: in seconds.
    """

    command: tuple[str, ...]
    programs: Mapping[str, bytes]
    artifact: str
    artifacts: Mapping[str, bytes]
    timeout: int


class RunCommand(Protocol):
    """Runs the programs of maintainers."""

    def __call__(self, job: Job) -> Opinion:
        """Run the program in a folder of its own; exit status 0 means sound.

        Never raises for what the program does, or for its absence: that is an opinion.
        """
        ...
