"""What a job gets beside its token: whether it may deploy, an identity, GitHub's variables."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from tests.support.act._workflow import Workflow
from tests.support.github import Hub, Repository, WorkflowEvent

_PAGES: Final = "github-pages"


def may_deploy(hub: Hub, repository: Repository, environment: str | None, ref: str) -> bool:
    """Return whether a job of the ref may use the environment, which is made if there is none."""
    if environment is None:
        return True
    if environment not in repository.environments:
        hub.add_environment(repository.full_name, environment)
    patterns = repository.environments[environment].branches
    branch = ref.removeprefix("refs/heads/")
    return patterns is None or any(fnmatchcase(branch, pattern) for pattern in patterns)


def rights(
    repository: Repository, workflow: Workflow, job: str, permissions: Mapping[str, str]
) -> Mapping[str, str]:
    """Return an identity, where the job may have one, and where Pages are put."""
    if permissions.get("id-token") != "write":
        return {}
    identity = {
        "ACTIONS_ID_TOKEN_REQUEST_URL": "http://127.0.0.1:9/no-identity-is-asked-for",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "none",
    }
    may_write = permissions.get("pages") == "write"
    if repository.pages and may_write and workflow.environment(job) == _PAGES:
        return {**identity, "HARNESS_PAGES": str(repository.pages.folder)}
    return identity


def variables(
    hub: Hub, event: WorkflowEvent, workflow: Workflow, *, number: int
) -> Mapping[str, str]:
    """Return GITHUB_* for a run, in the form that act takes."""
    return {
        "GITHUB_SERVER_URL": hub.url,
        "GITHUB_API_URL": hub.api_url,
        "GITHUB_GRAPHQL_URL": hub.graphql_url,
        "GITHUB_REPOSITORY": event.repository,
        "GITHUB_REF": event.ref,
        "SHA_REF": event.sha,  # act's name for what it makes GITHUB_SHA of
        "GITHUB_RUN_ID": str(number),
        "GITHUB_RUN_NUMBER": str(number),
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_WORKFLOW_REF": f"{event.repository}/{workflow.path}@{event.ref}",
        "GITHUB_WORKFLOW_SHA": event.sha,
    }
