"""What `tufline key list` shows on a terminal: a row for each key."""

from collections.abc import Iterator
from typing import Final

from tufline.repository.commands import spelled
from tufline.signer.commands._key_list import Overview, remarks
from tufline.signer.commands._screen import listed, say, wrapped
from tufline.signer.commands._tables import Cell, Column, Words, shortened, show_table
from tufline.signer.keys import Attached, AttachedKey

_COLUMNS: Final = (Column("key"), Column("key id", whole=True), Column("may sign"))


def show_keys(found: Overview) -> None:
    """Show what is attached; problems stand below."""
    rows = [_row(found, place, key) for place in found.places for key in place.keys]
    if rows:
        show_table(_COLUMNS, rows)
        say("")
        say("whole key ids: tufline key list --json")
    for line in _remarks(found):
        say(wrapped(line, indent=2))


def _row(found: Overview, place: Attached, key: AttachedKey) -> tuple[Cell, ...]:
    keyid = found.keyid(key)
    return (
        tuple(_name(place, key)),
        (Words(shortened(keyid) if keyid else "unknown"),),
        tuple(_may_sign(found, key)),
    )


def _name(place: Attached, key: AttachedKey) -> Iterator[Words]:
    where = f"slot {key.slot}" if key.slot else f"object {key.number}" if key.number else None
    yield Words(f"{where} of {place.name}" if where else place.name, "heading")
    yield Words(key.uri)
    yield Words(key.key.scheme if key.key else "encrypted", "quiet")


def _may_sign(found: Overview, key: AttachedKey) -> Iterator[Words]:
    holding = found.holding(key)
    if holding:
        yield Words(listed(holding.roles), "done")
        yield Words(f"as {holding.holder or 'nobody by name'}")
    elif found.unknown:
        yield Words("not known", "quiet")
    elif key.key:
        yield Words("nothing yet: main does not name it", "quiet")


def _remarks(found: Overview) -> Iterator[str]:
    """Yield what is not a key: libraries, and what does not work."""
    for place in found.places:
        if place.module:
            yield f"{spelled(place.name)}: module {spelled(str(place.module))}"
        if place.problem:
            yield f"{spelled(place.name)}: {spelled(place.problem)}"
    yield from remarks(found)
