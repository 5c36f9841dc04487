"""The errors a user can meet, arranged by who can mend the problem.

Every error carries a message (lower case, no full stop) and a hint that says what to do next.
`commands` turns them into a message and an exit code, in one place.
"""


class TuflineError(Exception):
    """Base of every error a user can meet. Never raised itself."""

    hint: str | None = None

    @property
    def with_hint(self) -> str:
        """The message and what to do next on one line, for texts that have room for no more."""
        said = with_notes(self)
        return f"{said}; {self.hint}" if self.hint else said


class UserError(TuflineError):
    """The person at the keyboard can mend it: an argument, a setting, a clone."""


class EnvironmentProblem(TuflineError):
    """The machine or the network must be mended: git, disk, token, remote."""


class Refusal(TuflineError):
    """A rule says no. What was asked for was not done, and must not be forced."""


class Race(TuflineError):
    """Somebody else was faster. Nothing is lost; the same command may simply run again."""

    hint = "run the command again"


def with_notes(error: Exception) -> str:
    """Return the message, and what was added to it on the way: what failed besides."""
    return "; ".join([str(error), *getattr(error, "__notes__", ())])
