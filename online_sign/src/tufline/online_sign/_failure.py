"""The error of an online key, and whether trying again may help."""

from typing import Final

from tufline.online_sign._transient import is_transient
from tufline.repository.errors import EnvironmentProblem

_MOST_SHOWN: Final = 500


class OnlineKeyFailed(EnvironmentProblem):
    """An online key could not be used.

    Attributes:
        name: the key's URI; its id where it has none.
        reason: why, on one line.
        transient: whether it may work in a moment: a busy service, a broken connection.
    """

    hint = "check that the job may use the key, and that the URI in the metadata names it"

    def __init__(self, name: str, reason: str, *, transient: bool = False) -> None:
        super().__init__(f"online key {name}: {reason}")
        self.name = name
        self.reason = reason
        self.transient = transient

    @property
    def short(self) -> str:
        """The key and the reason, for a list of them."""
        return f"{self.name}: {self.reason}"


def key_failed(name: str, error: Exception) -> OnlineKeyFailed:
    """Return what the error of some vendor's library means."""
    # a file that is not there is told in pieces, not by number and text
    told = " ".join(map(str, error.args)) if isinstance(error, FileNotFoundError) else str(error)
    if not told.strip() and error.__cause__ is not None:
        told = str(error.__cause__)
    reason = one_line(told) or type(error).__name__
    return OnlineKeyFailed(name, reason, transient=is_transient(error))


def one_line(text: str) -> str:
    """Return the text on one line: its lines, without what only a terminal understands.

    Some libraries say what is wrong in the second line. Nothing below 500 characters is left out.
    """
    lines = (" ".join("".join(map(_shown, line)).split()) for line in text.splitlines())
    joined = " ".join(line for line in lines if line)
    return joined if len(joined) <= _MOST_SHOWN else f"{joined[: _MOST_SHOWN - 1]}…"


def _shown(char: str) -> str:
    return char if char.isprintable() else " "
