"""A repository whose settings are audited."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.github import Ruleset
from tests.support.on_github import NAME, OnGitHub, on_github

from tufline.repository.forge.github._audit import audit
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._tasks import BRANCHES, workflow_path
from tufline.repository.init import check

FILES = {workflow_path(name): f"name: {name}\n".encode() for name in BRANCHES}


MAIN_RULES = (
    {
        "type": "pull_request",
        "parameters": {
            "required_approving_review_count": 0,
            "dismiss_stale_reviews_on_push": False,
            "require_code_owner_review": True,
            "require_last_push_approval": False,
            "required_review_thread_resolution": False,
        },
    },
    {
        "type": "required_status_checks",
        "parameters": {
            "required_status_checks": [{"context": "signing-event"}],
            "strict_required_status_checks_policy": False,
        },
    },
    {"type": "non_fast_forward"},
    {"type": "deletion"},
)


SIGNER = {"actor_type": "Integration", "actor_id": 7, "bypass_mode": "always"}


@contextmanager
def emulated(folder: Path) -> Iterator[OnGitHub]:
    """Yield a repository with its workflows and both branches, and nothing set up."""
    with on_github(folder) as github:
        github.commit("main", FILES)
        github.commit("publish", {})
        yield github


def as_owner(github: OnGitHub) -> Session:
    return github.session_of(github.hub.token("octo"))


def add_rules(github: OnGitHub, name: str, *rules: object, **more: object) -> None:
    """Add a ruleset for the branch of that name."""
    number = github.hub.next_id()
    github.repository.rulesets[number] = Ruleset(
        id=number,
        name=name,
        include=(f"refs/heads/{name}",),
        rules=rules,  # type: ignore[arg-type] # as in the API
        **more,  # type: ignore[arg-type] # as in the API
    )


def set_up_well(github: OnGitHub, folder: Path) -> None:
    """Set the repository up as the manual says."""
    add_rules(github, "main", *MAIN_RULES)
    update = {"type": "update", "parameters": {"update_allows_fetch_and_merge": False}}
    add_rules(github, "publish", update, bypass=(SIGNER,))
    add_rules(github, "publish", {"type": "non_fast_forward"}, {"type": "deletion"})
    github.hub.set_pages(NAME, folder)
    github.hub.add_environment(NAME, "github-pages", branches=("publish",))
    github.repository.can_approve_pull_request_reviews = True
    github.repository.delete_branch_on_merge = True


def unwell(github: OnGitHub, session: Session | None = None) -> list[str]:
    """Return what is not fine, by the words of the check."""
    facts = audit(session or as_owner(github))
    return [
        f"{each.severity}: {each.what}" for each in check(facts, FILES) if each.severity != "fine"
    ]
