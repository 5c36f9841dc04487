"""The error of an online key, and whether trying again may help."""

from tufline.online_sign._transient import is_transient
from tufline.repository.errors import EnvironmentProblem


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
    text = told.strip()
    reason = text.splitlines()[0] if text else type(error).__name__
    return OnlineKeyFailed(name, reason, transient=is_transient(error))
