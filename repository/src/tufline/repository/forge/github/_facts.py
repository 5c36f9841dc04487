"""What GitHub knows of the event that a commit on main merged."""

from collections.abc import Iterable
from http import HTTPStatus

from github import GithubException
from github.PullRequest import PullRequest

from tufline.repository.forge._interface import ProposalFacts
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking
from tufline.repository.history import Commit


def facts(session: Session, merge: Commit) -> ProposalFacts:
    """Return what is known of the pull request that the commit merged; nothing if there is none."""
    with asking(f"find the pull request of {merge}", "pull-requests: read"):
        pull = next(filter(is_event, _merged_by(session, merge)), None)
        if pull is None:
            return ProposalFacts()
        return ProposalFacts(
            url=pull.html_url,
            title=pull.title,
            text=pull.body,
            opened=pull.created_at,
            merged=pull.merged_at,
            merged_by=getattr(pull.merged_by, "login", None),
        )


def _merged_by(session: Session, merge: Commit) -> Iterable[PullRequest]:
    """Return the pull requests that the commit merged; it is in others too, such as later ones."""
    try:
        pulls = list(session.repository.get_commit(merge).get_pulls())
    except GithubException as error:
        if error.status == HTTPStatus.UNPROCESSABLE_ENTITY:  # no such commit
            return []
        raise
    return [pull for pull in pulls if pull.merged_at and pull.merge_commit_sha == merge]


def is_event(pull: PullRequest) -> bool:
    """Whether it is from a `sign/*` branch of the repository itself into main."""
    home = getattr(pull.head.repo, "id", None)  # None: the fork is gone
    return (
        home == pull.base.repo.id and pull.base.ref == "main" and pull.head.ref.startswith("sign/")
    )
