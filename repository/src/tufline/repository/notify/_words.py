"""A notice as plain text, from which each medium makes its own."""

from tufline.repository.notify._interface import Notice

_LONGEST_TITLE = 200
_LONGEST_TEXT = 4_000


def title_of(notice: Notice) -> str:
    """Return the title: one line, without characters that nobody sees."""
    return _clipped(_visible(notice.title), _LONGEST_TITLE)


def text_of(notice: Notice) -> str:
    """Return the text, line by line, without characters that nobody sees."""
    lines = _clipped(notice.text.strip(), _LONGEST_TEXT).splitlines()
    return "\n".join(map(_visible, lines))


def subject_of(notice: Notice, repository: str) -> str:
    """Return one line that also says which repository it is about."""
    return f"[{_visible(repository)}] {title_of(notice)}"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
