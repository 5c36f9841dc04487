"""The port `Forge`, on GitHub."""

from collections.abc import Mapping

from tufline.repository.forge._interface import Contribution, EventStatus, ProposalFacts, Task
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._contributions import contributions, decline
from tufline.repository.forge.github._facts import facts
from tufline.repository.forge.github._merging import merge
from tufline.repository.forge.github._others import clear, others
from tufline.repository.forge.github._problems import close_problem, open_problem, problems
from tufline.repository.forge.github._show import forget, show, statuses
from tufline.repository.forge.github._tasks import request
from tufline.repository.history import Commit


class GitHubForge:
    """Signing events as pull requests of one repository (`Forge`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def statuses(self) -> Mapping[str, EventStatus]:
        """Return what the status comments of open pull requests show, unless somebody edited it."""
        return statuses(self._session)

    def show(self, status: EventStatus) -> None:
        """Bring the event's pull request up to date; open it if there is none."""
        show(self._session, status)

    def forget(self, event: str) -> None:
        """Close the event's pull request, if GitHub did not when its branch was deleted."""
        forget(self._session, event)

    def problems(self) -> Mapping[str, str]:
        """Return the open issues that `open_problem` made."""
        return problems(self._session)

    def open_problem(self, job: str, text: str) -> None:
        """Open an issue for the job, or bring the open one up to date."""
        open_problem(self._session, job, text)

    def close_problem(self, job: str) -> None:
        """Close the job's issue."""
        close_problem(self._session, job)

    def merge(self, event: str, *, head: Commit, message: str) -> Commit | None:
        """Merge the event's pull request."""
        return merge(self._session, event, head=head, message=message)

    def contributions(self, event: str) -> tuple[Contribution, ...]:
        """Return the open pull requests from forks into the event's branch."""
        return contributions(self._session, event)

    def decline(self, contribution: Contribution, reason: str) -> None:
        """Write a comment that says why, once for each head."""
        decline(self._session, contribution, reason)

    def others(self) -> tuple[Contribution, ...]:
        """Return the open pull requests into main from other branches, and from forks."""
        return others(self._session)

    def clear(self, proposal: Contribution, *, allowed: bool, summary: str) -> None:
        """Set the commit status `signing-event` of the pull request's head."""
        clear(self._session, proposal, allowed=allowed, summary=summary)

    def request(self, task: Task, event: str | None = None) -> None:
        """Dispatch the workflow of the task."""
        request(self._session, task, event)

    def facts(self, merge: Commit) -> ProposalFacts:
        """Return what the pull request says that the commit merged."""
        return facts(self._session, merge)
