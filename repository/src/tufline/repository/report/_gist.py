"""What changes, in so few words that several events fit on a screen. Never all: see the report."""

from collections.abc import Iterator
from typing import Final

from tufline.repository.changes import (
    Changes,
    CopyOf,
    ExpiryChanged,
    Fact,
    HeaderChanged,
    MetadataChange,
    SignatureChanged,
    ValueChanged,
    VersionChanged,
)
from tufline.repository.format import is_below_attestations, is_below_detached
from tufline.repository.report._sentences import sentence
from tufline.repository.report._text import Sentence, Shown, name

# What nearly every change does, told only where nothing else is.
_USUAL: Final = (CopyOf, ExpiryChanged, HeaderChanged, SignatureChanged, VersionChanged)
_MOST_LINES: Final = 3
_MOST_LETTERS: Final = 150


def gist(changes: Changes) -> tuple[str, ...]:
    """Return a few lines of plain text: the first change of each role, how many more there are."""
    lines = [*_of_roles(changes), *_of_files(changes)]
    more = len(lines) - _MOST_LINES
    return (*lines[:_MOST_LINES], *([f"and more in {more} other places"] if more > 0 else ()))


def _of_roles(changes: Changes) -> Iterator[str]:
    for change in changes.metadata:
        told: list[Fact] = [fact for fact in change.facts if not _is_usual(fact)]
        if told or change.role is not None:
            yield from _of_role(change, told or _renewals(change))


def _is_usual(fact: Fact) -> bool:
    """Whether nearly every change does that; what lies beside a signature is part of signing."""
    beside = isinstance(fact, ValueChanged) and fact.path[:1] == ("signatures",)
    return beside or isinstance(fact, _USUAL)


def _renewals(change: MetadataChange) -> list[Fact]:
    return [fact for fact in change.facts if isinstance(fact, ExpiryChanged)]


def _of_role(change: MetadataChange, told: list[Fact]) -> Iterator[str]:
    if not told:
        return
    subject: Sentence = () if change.role is None else (name(change.role), ": ")
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    yield _shortened(_as_text((*subject, *sentence(told[0])))) + more


def _of_files(changes: Changes) -> Iterator[str]:
    told = [each for each in changes.files if not _is_passing(each.path)]
    if not told:
        return
    first, more = told[0], len(told) - 1
    kind = "new" if first.before is None else "deleted" if first.after is None else "changed"
    others = f", and {more} more files" if more else ""
    yield _shortened(_as_text((f"{kind}: ", name(first.path)))) + others


def _is_passing(path: str) -> bool:
    """Whether the file is gone before the merge."""
    return is_below_attestations(path) or is_below_detached(path)


def _as_text(said: Sentence) -> str:
    return "".join(part.text if isinstance(part, Shown) else part for part in said)


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."
