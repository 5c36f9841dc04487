"""The words of pull requests, comments and commit statuses.

What comes from outside (branches, people, roles) is shown as code in Markdown, where nothing is a
mention, a link or HTML; in titles and descriptions, which are plain text, it is spelled out. The
one thing that mentions somebody is `mention`.
"""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from tufline.repository.forge._interface import Act, Ask, EventStatus
from tufline.repository.forge.github import _records as records
from tufline.repository.report import as_markdown, name, prose

if TYPE_CHECKING:
    from jinja2 import Environment

COMMENT_LIMIT: Final = 65_536
_TITLE_LIMIT: Final = 256
_DESCRIPTION_LIMIT: Final = 140
# At the top: the cut may be inside a part that is folded.
_CUT: Final = "*This is too long for a comment. To see all of it, fetch the branch and run* {}\n\n"
# A user of an enterprise has "_" and the enterprise's short code at the end. A "/" is a team's.
_LOGIN: Final = re.compile(r"@(?=.{1,39}\Z)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:_[A-Za-z0-9]+)?")
_UNSAFE_IN_TITLE: Final = re.compile(r"[^A-Za-z0-9._/ -]")
_WHAT: Final[Mapping[Act, tuple[str, str]]] = {
    Act.ACCEPT: ("accept the invitation to sign {role}", "accept the invitation"),
    Act.SIGN: ("sign {role}", "sign"),
    Act.SIGN_SOON: (
        "sign {role} soon: time is running out, and clients stop when it ends",
        "sign soon: time is running out, and clients stop when it ends",
    ),
    Act.SIGN_AGAIN: (
        "sign {role} again: it was changed after you signed",
        "sign again: something was changed after you signed",
    ),
    Act.MERGE: (
        "merge this pull request: {role} has every signature",
        "merge this pull request: every signature is there",
    ),
    Act.MEND: (
        "mend what the report says about {role}",
        "mend what the report says: the event cannot be merged like this",
    ),
    Act.WAIT: (
        "wait with {role}: another event changes it too, and comes first",
        "wait: another event changes the same, and comes first",
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    """One person of a comment. `signs`: whether the command to sign is what they need."""

    name: str
    items: tuple[str, ...]
    signs: bool


def title(event: str) -> str:
    """Return the title of an event's pull request, plain text."""
    return _fitting(f"Signing event {spelled_out(event)}", _TITLE_LIMIT)


def spelled_out(text: str) -> str:
    """Return the text for a title, or for a commit's message, where nothing can be marked as code.

    What could be a mention, a reference or markup there is shown by its number.
    """
    return _UNSAFE_IN_TITLE.sub(_number, text)


def description(event: str) -> str:
    """Return the text of an event's pull request."""
    return _render("pull_request.md", event, context="`signing-event`", branch=_code(event))


def commit_description(summary: str) -> str:
    """Return the description of a commit status, plain text."""
    return _fitting(prose(summary).text, _DESCRIPTION_LIMIT)


def status_comment(status: EventStatus, told: Iterable[str]) -> str:
    """Return the body of the comment that shows the status."""
    told = tuple(told)
    room = COMMENT_LIMIT - len(records.with_shown("", status, told))
    command = _command("review", "--base", "origin/main", "--event", f"origin/{status.event}")
    text = _shortened(status.text, room, _CUT.format(command))
    return records.with_shown(text, status, told)


def telling_comment(
    status: EventStatus, asks: Iterable[Ask], *, proposer: str | None, earlier: int
) -> str:
    """Return the body of a comment that tells people, and mentions them, of what is asked.

    `proposer` is the login of whoever an ask without a name means; None mentions nobody for it.
    """
    asks = sorted(asks, key=attrgetter("who", "act", "role"))
    people = [_person(who, tuple(each), proposer) for who, each in groupby(asks, attrgetter("who"))]
    text = _render("telling.md", status.event, people=people)
    room = COMMENT_LIMIT - len(records.with_telling("", status, asks, earlier))
    return records.with_telling(_shortened(text, room, note=""), status, asks, earlier)


def login(who: str) -> str | None:
    """Return the login that "@login" means; None if nobody on GitHub can be called that."""
    return who.removeprefix("@") if _LOGIN.fullmatch(who) else None


def _person(who: str, asks: tuple[Ask, ...], proposer: str | None) -> _Person:
    found = login(who or f"@{proposer or ''}")
    unknown = _code(who) if who else "Whoever proposed this event"
    return _Person(
        name=f"@{found}" if found else unknown,
        items=tuple(_what(ask) for ask in asks),
        signs=any(ask.act.by_signing for ask in asks),
    )


def _what(ask: Ask) -> str:
    with_role, without = _WHAT[ask.act]
    return with_role.format(role=_code(ask.role)) if ask.role else without


def _render(template: str, event: str, **values: object) -> str:
    command = _command("sign", event)
    return _templates().get_template(template).render(command=command, **values)


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - slow to import

    return Environment(
        loader=PackageLoader("tufline.repository.forge.github"),
        autoescape=False,  # noqa: S701 - Markdown: all that is from outside is code already
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _code(text: str) -> str:
    return as_markdown((name(text),))


def _command(*words: str) -> str:
    """Return a command as code; a shell that is given it does nothing else, whatever the words."""
    return as_markdown((prose(shlex.join(["tufline", *words])),))


def _number(char: re.Match[str]) -> str:
    return f"\\u{ord(char[0]):04x}"


def _fitting(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _shortened(text: str, room: int, note: str) -> str:
    """Return the text; if it is longer than `room`, the note and as many whole lines as fit."""
    if len(text) <= room:
        return text
    return note + text[: text.rfind("\n", 0, max(room - len(note), 0)) + 1]
