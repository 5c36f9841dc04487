"""Commit objects: read them, and the parts of a new one that git leaves to us."""

import re
from datetime import UTC, datetime
from typing import Final

from tufline.repository.history._errors import CorruptRepository, InvalidAuthor
from tufline.repository.history._interface import Author, Commit, CommitInfo

_PERSON: Final = re.compile(r"(.*?) ?<([^<>]*)> (\d+) [+-]\d+")
_TRAILER: Final = re.compile(r"[A-Za-z0-9-]+: ")


def tree_of(commit: Commit, data: bytes) -> str:
    """Return the id of the commit's tree."""
    found = re.match(rb"tree ([0-9a-f]+)\n", data)
    if not found:
        raise CorruptRepository(f"commit {commit} has no tree")
    return found[1].decode()


def commit_info(commit: Commit, data: bytes) -> CommitInfo:
    """Return what the commit says; its time is when it was committed, not when it was written."""
    header, _, message = data.decode(errors="replace").partition("\n\n")
    fields = [line.partition(" ")[::2] for line in header.split("\n")]
    author, _ = _person(commit, dict(fields).get("author", ""))
    _, when = _person(commit, dict(fields).get("committer", ""))
    return CommitInfo(
        id=commit,
        parents=tuple(Commit(value) for name, value in fields if name == "parent"),
        author=author,
        when=when,
        message=message,
    )


def signed_off(message: str, author: Author) -> str:
    """Return the message with the author's Signed-off-by line at its end."""
    if not author.name or re.search(r"[<>\0\r\n]", author.name + author.email):
        raise InvalidAuthor(author.name, author.email)
    lines = message.strip().split("\n")
    trailer = f"Signed-off-by: {author.name} <{author.email}>"
    if trailer in lines:
        return "\n".join([*lines, ""])
    gap = [] if len(lines) > 1 and _TRAILER.match(lines[-1]) else [""]
    return "\n".join([*lines, *gap, trailer, ""])


def git_date(when: datetime) -> str:
    """Return the time as git reads it without guessing."""
    if when.tzinfo is None:
        raise ValueError("a commit's time must be aware")
    return f"@{int(when.timestamp())} +0000"


def _person(commit: Commit, line: str) -> tuple[Author, datetime]:
    found = _PERSON.fullmatch(line)
    if not found:
        raise CorruptRepository(f"commit {commit} has a malformed author or committer")
    try:
        when = datetime.fromtimestamp(int(found[3]), UTC)
    except (ValueError, OverflowError, OSError):
        raise CorruptRepository(f"commit {commit} has an impossible date") from None
    return Author(name=found[1], email=found[2]), when
