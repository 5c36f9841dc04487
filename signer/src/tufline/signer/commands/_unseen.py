"""What the report leaves out, since it is long, is agreed to apart: nobody takes a part for all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tufline.repository.changes import Changes, FileChange
from tufline.repository.commands import spelled
from tufline.repository.jobs import Event
from tufline.signer.commands._screen import agree, say, wrapped

_MOST_FILES: Final = 10  # named
_SHORT: Final = 16  # characters of a commit

_Seen: TypeAlias = tuple[str, object, object]


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Asks for a yes to what is not shown, once for each content that it has."""

    agreed: set[_Seen] = field(default_factory=set)

    def ask(self, event: Event, changes: Changes, *, yes: bool) -> None:
        """Name what is not shown, and how to see it; end the command without a yes."""
        files = [each for each in changes.files if each.not_shown and _key(each) not in self.agreed]
        if not files:
            return
        say("the report above leaves out what is long:")
        for line in _named(files):
            say(wrapped(line, first="  ", indent=4))
        say("to see it, run this in a clone:")
        say(f"  git diff {event.main[:_SHORT]}...{event.head[:_SHORT]}")
        agree(f"{_counted(files)} not shown: sign all the same?", yes=yes)
        self.agreed.update(map(_key, files))


def _named(files: Sequence[FileChange]) -> Iterator[str]:
    for each in files[:_MOST_FILES]:
        yield f"{spelled(each.path)}: {_counted([each])} not shown"
    if len(files) > _MOST_FILES:
        yield f"{len(files) - _MOST_FILES} more files: {_counted(files[_MOST_FILES:])} not shown"


def _counted(files: Iterable[FileChange]) -> str:
    """Return how much of these is left out, with a verb."""
    more = [each.not_shown.more for each in files if each.not_shown]
    lines, whole = sum(filter(None, more)), more.count(None)
    parts = [f"{lines} more lines or values"] * bool(lines)
    parts += [f"{whole} whole file{'s' if whole > 1 else ''}"] * bool(whole)
    return f"{' and '.join(parts)} {'is' if lines + whole == 1 else 'are'}"


def _key(change: FileChange) -> _Seen:
    return change.path, change.before, change.after
