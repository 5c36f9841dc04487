"""Why a repository of other tools is not imported. Nothing was written then."""

from collections.abc import Sequence
from dataclasses import dataclass

from tufline.repository.errors import EnvironmentProblem, Refusal, UserError

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot be imported: its name, why not, and what to do."""

    name: str
    reason: str
    mend: str

    def __str__(self) -> str:
        return f"{ascii(self.name)[1:-1]}: {self.reason}; {self.mend}"


class CannotImport(Refusal):
    """Some of the repository cannot be taken over as it is.

    Attributes:
        problems: all that was found.
    """

    hint = "nothing was written; mend these with the tools that made the repository, then try again"

    def __init__(self, problems: Sequence[Problem]) -> None:
        more = len(problems) - _SHOWN
        lines = [*map(str, problems[:_SHOWN]), *([f"and {more} more"] if more > 0 else [])]
        super().__init__("these cannot be imported:" + "".join(f"\n  {line}" for line in lines))
        self.problems = tuple(problems)


class NotTrusted(Refusal):
    """What was read is not signed by those who may sign it."""

    hint = (
        "nothing was written; ask those who run the repository on another way what is right, and "
        "give a root that you know with --root"
    )

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")


class NoRepository(UserError):
    """There is no TUF metadata where it was looked for."""

    hint = (
        "name the folder, or the URL, that holds timestamp.json and root.json or 1.root.json, "
        "or the folder around it; or a revision of this clone, REVISION[:FOLDER]"
    )

    def __init__(self, source: str) -> None:
        super().__init__(f"there is no TUF repository in {source}")


class SourceUnreadable(EnvironmentProblem):
    """A file could not be read, or is none that may be read."""

    hint = "nothing was written; see that the source can be reached and read, then try again"

    def __init__(self, source: str, path: str, reason: str) -> None:
        super().__init__(f"{ascii(path)[1:-1]} of {source} cannot be read: {reason}")


class MainHasMetadata(UserError):
    """There is a repository on main, or something in its place."""

    hint = (
        "import into a repository whose main has nothing below metadata/; a repository in "
        "tuf-on-ci's form needs no import at all"
    )

    def __init__(self) -> None:
        super().__init__("main has files below metadata/ already")


class EventHasRoot(UserError):
    """The event holds a repository already."""

    hint = "sign that event (tufline sign), or name another with --event"

    def __init__(self, event: str) -> None:
        super().__init__(f"{event} holds a repository already")


class InvalidAnswers(UserError):
    """The file of answers cannot be used."""

    hint = "--write-answers FILE writes one that fits, with all that is asked for"

    def __init__(self, problem: str) -> None:
        super().__init__(f"the answers cannot be used: {problem}")


class Unanswered(UserError):
    """Something is asked for, and nobody is there to answer."""

    hint = "write the questions to a file with --write-answers FILE, fill it in, give it --answers"

    def __init__(self, questions: Sequence[str]) -> None:
        lines = "".join(f"\n  {each}" for each in questions)
        super().__init__(f"there is no terminal to ask at, and these are open:{lines}")
