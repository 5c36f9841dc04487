"""Comments of our own, found again by a hidden marker in their first line.

Anybody may write a marker. So a comment counts only if GitHub says that this very token's user or
App wrote it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tufline.repository.forge.github._connection import Session

_MARKER: Final = re.compile(r"<!-- tufline: ([^\r\n]*) -->(?:\r?\n|\Z)")
_COMMENTS: Final = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    subject: %s(number: $number) {
      comments(first: 100, after: $after) {
        nodes { fullDatabaseId body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A comment of ours; `about` is what its marker says."""

    id: int
    about: str
    body: str


def marked(about: str, text: str) -> str:
    """Return the text as a body that says, hidden, what it is about: one line without ">"."""
    return f"<!-- tufline: {about} -->\n{text}"


def marker_of(body: str) -> str | None:
    """Return what the body is about, None if nothing says so."""
    found = _MARKER.match(body)
    return found and found[1]


def own_notes(
    session: Session, kind: Literal["issue", "pullRequest"], number: int
) -> Iterator[Note]:
    """Yield our marked comments on an issue or pull request, oldest first."""
    after: str | None = None
    while True:
        answer = session.query(_COMMENTS % kind, number=number, after=after)
        comments = answer["repository"]["subject"]["comments"]
        for each in comments["nodes"]:
            about = marker_of(each["body"]) if each["viewerDidAuthor"] else None
            if about is not None:
                yield Note(id=int(each["fullDatabaseId"]), about=about, body=each["body"])
        if not comments["pageInfo"]["hasNextPage"]:
            return
        after = comments["pageInfo"]["endCursor"]
