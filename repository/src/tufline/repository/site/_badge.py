"""A small picture of the margin, for a README."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tufline.repository.site._order import top_level
from tufline.repository.site._standing import Standing, worst
from tufline.repository.site._templates import templates
from tufline.repository.site._words import duration
from tufline.repository.status import RepositoryFacts

_LABEL: Final = "TUF margin"
_PER_CHARACTER: Final = 7
_PADDING: Final = 10
# White text on each of these has a contrast of at least 4.5 to 1.
_COLOURS: Final = {
    Standing.VALID: "#1a7348",
    Standing.OPEN: "#1f5f9e",
    Standing.LATE: "#8f5a00",
    Standing.URGENT: "#b3261e",
    Standing.EXPIRED: "#b3261e",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """One half of the picture. Sizes are in pixels; `text_width` is forced, whatever the font."""

    text: str
    left: int

    @property
    def text_width(self) -> int:
        return len(self.text) * _PER_CHARACTER

    @property
    def width(self) -> int:
        return self.text_width + 2 * _PADDING

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def badge(facts: RepositoryFacts) -> bytes:
    """Return an SVG file: for how long clients go on, in the colour of the worst top-level role."""
    figure = duration(facts.margin) if facts.margin > timedelta() else "expired"
    label = _Part(text=_LABEL, left=0)
    drawn = (
        templates()
        .get_template("badge.svg")
        .render(
            label=label,
            figure=_Part(text=figure, left=label.width),
            colour=_COLOURS[worst(top_level(facts), facts.now)],
        )
    )
    return drawn.encode()
