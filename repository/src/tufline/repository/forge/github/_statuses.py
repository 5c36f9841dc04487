"""The commit status `signing-event`, which main's protection demands of every pull request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from github.Commit import Commit as CommitOnGitHub

from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking
from tufline.repository.history import Commit

_CONTEXT: Final = "signing-event"
JUDGED: Final = """
fragment Judged on Commit {
  status { context(name: "signing-event") { state description targetUrl } }
}
"""
"""Asks for what `status_of` reads."""
_QUERY: Final = (
    """
query($owner: String!, $name: String!, $head: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $head) { ...Judged } }
}
"""
    + JUDGED
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitStatus:
    """The commit status; `state` is "success", "pending", "failure" or "error"."""

    state: str
    description: str
    target_url: str | None


def read_commit_status(session: Session, commit: Commit) -> CommitStatus | None:
    """Return the status that the commit has now."""
    with asking("show the commit status", "statuses: read"):
        answer = session.query(_QUERY, head=commit)["repository"]["object"]
        return status_of(answer or {})


def status_of(judged: Mapping[str, Any]) -> CommitStatus | None:
    """Return the status of a commit, as `JUDGED` asks for it."""
    context = (judged.get("status") or {}).get("context")
    if not context:
        return None
    return CommitStatus(
        state=context["state"].lower(),
        description=context["description"] or "",
        target_url=context["targetUrl"],
    )


def set_commit_status(session: Session, commit: str, status: CommitStatus) -> None:
    """Give the commit this status in place of the one it has."""
    url = f"{session.repository.url}/commits/{commit}"
    found = session.client.create_from_raw_data(CommitOnGitHub, {"url": url, "sha": commit})
    with asking("set the commit status", "statuses: write"):
        found.create_status(
            status.state,
            target_url=status.target_url or "",
            description=status.description,
            context=_CONTEXT,
        )
