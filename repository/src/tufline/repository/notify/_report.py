"""Telling of problems only when they change. What the forge shows is the memory of what was told.

The sinks come first and the forge last: who is killed between the two tells them once more, which
is harmless; the other way round nobody would be told.
"""

from collections.abc import Mapping, Sequence

from tufline.repository.forge import Forge
from tufline.repository.notify._forge import ForgeSink
from tufline.repository.notify._interface import Kind, Notice, NotSent, Severity, Sink
from tufline.repository.notify._open import notify
from tufline.repository.notify._words import title_of


def report_problems(
    forge: Forge, sinks: Sequence[Sink], found: Mapping[str, Notice | None]
) -> tuple[NotSent, ...]:
    """Bring the forge's problems to what was found, by key, and tell the sinks of what is new.

    None means that all is well there; problems of other keys are left alone. New is a problem with
    another title than the one that is shown, and the end of one. Return what could not be told;
    a sink that failed is not told again.
    """
    shown = forge.problems()
    changed = [
        notice or _mended(key)
        for key, notice in found.items()
        if (title_of(notice) if notice else None) != _first_line(shown.get(key))
    ]
    return tuple(
        unsent for notice in changed for unsent in notify((*sinks, ForgeSink(forge)), notice)
    )


def _first_line(text: str | None) -> str | None:
    return None if text is None else text.partition("\n")[0]


def _mended(key: str) -> Notice:
    return Notice(
        kind=Kind.MENDED,
        key=key,
        title=f"{key} works again",
        text="nothing is left to do",
        severity=Severity.INFO,
    )
