"""The forge as a sink: an open problem for each matter, such as an issue."""

from dataclasses import dataclass

from tufline.repository.errors import TuflineError
from tufline.repository.forge import Forge
from tufline.repository.notify._interface import Kind, Notice, NotSent
from tufline.repository.notify._words import text_of, title_of


@dataclass(frozen=True, slots=True)
class ForgeSink:
    """Opens and closes the forge's problems (`Sink`). What people are asked, events show."""

    forge: Forge
    name: str = "forge"

    def send(self, notice: Notice) -> None:
        """Open, update or close the problem whose job is the notice's key."""
        try:
            if notice.kind is Kind.PROBLEM:
                self.forge.open_problem(notice.key, problem_text(notice))
            elif notice.kind is Kind.MENDED:
                self.forge.close_problem(notice.key)
        except TuflineError as error:
            raise NotSent(self.name, error.with_hint) from error


def problem_text(notice: Notice) -> str:
    """Return the problem's text as the forge is given it; its first line is the title."""
    return "\n\n".join(filter(None, [title_of(notice), text_of(notice), notice.url]))
