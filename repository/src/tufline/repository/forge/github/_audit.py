"""How a repository is set up, read through GitHub's API. Judged elsewhere: `init.check`.

A token sees what its permissions let it see. What it may not read comes back as `Unknown`.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from github import GithubException, RateLimitExceededException

from tufline.repository.forge.github._audit_rules import classic, ruleset
from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking
from tufline.repository.forge.github._tasks import BRANCHES, workflow_path
from tufline.repository.init import (
    Branch,
    Deployers,
    Environment,
    Pages,
    Protection,
    RepositoryFacts,
    Unknown,
    WorkflowToken,
)

_ADMINISTRATION: Final = "administration: read"
_CONTENTS: Final = "contents: read"
_ENVIRONMENT: Final = "/environments/github-pages"
_ALL: Final = "?per_page=100"  # there are never more of these
_UNPROTECTED: Final = "Branch not protected"


def audit(session: Session) -> RepositoryFacts:
    """Return how the repository is set up. Only the token of an administrator sees all of it."""
    with asking("show the settings of the repository", "metadata: read"):
        api = _Api(session)
        repository = api.demand("")
        return RepositoryFacts(
            name=session.full_name,
            url=f"{session.server}/{session.full_name}",
            default_branch=repository["default_branch"],
            merge_commits=_setting(repository, "allow_merge_commit"),
            deletes_merged=_setting(repository, "delete_branch_on_merge"),
            main=_branch(api, "main"),
            publish=_branch(api, "publish"),
            pages=_pages(api, has_pages=repository["has_pages"]),
            environment=_environment(api),
            workflow_token=_workflow_token(api),
            secrets=_secrets(api),
            workflows=_workflows(api),
        )


@dataclass(frozen=True, slots=True)
class _Api:
    session: Session

    def demand(self, path: str) -> Any:  # noqa: ANN401 - JSON, as GitHub describes it
        """Return the answer; raise what PyGithub raises."""
        url = f"/repos/{self.session.full_name}{path}"
        _, answer = self.session.client.requester.requestJsonAndCheck("GET", url)
        return answer

    def read(self, path: str, *, needs: str) -> Any:  # noqa: ANN401 - JSON, as GitHub describes it
        """Return the answer; None if there is no such thing, `Unknown` if the token may not see."""
        try:
            return self.demand(path)
        except RateLimitExceededException:
            raise
        except GithubException as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            if error.status == HTTPStatus.FORBIDDEN:
                return Unknown(needs)
            raise


def _setting(repository: Mapping[str, Any], name: str) -> bool | Unknown:
    """Return a setting that is shown only to those who may write."""
    return bool(repository[name]) if name in repository else Unknown("contents: write")


def _branch(api: _Api, name: str) -> Branch | Unknown | None:
    found = api.read(f"/branches/{name}", needs=_CONTENTS)
    if found is None or isinstance(found, Unknown):
        return found
    protections = tuple(_rulesets(api, name))
    protected = _classic(api, name)
    if isinstance(protected, Unknown):
        return Branch(protections=protections, unread=protected)
    return Branch(protections=(*protected, *protections))


def _classic(api: _Api, name: str) -> tuple[Protection, ...] | Unknown:
    try:
        return classic(api.demand(f"/branches/{name}/protection"))
    except RateLimitExceededException:
        raise
    except GithubException as error:
        if error.status == HTTPStatus.NOT_FOUND and error.message == _UNPROTECTED:
            return ()
        # GitHub says "not found", too, to people who may not see it.
        if error.status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            return Unknown(_ADMINISTRATION)
        raise


def _rulesets(api: _Api, branch: str) -> Iterator[Protection]:
    """Yield the active rulesets that cover the branch."""
    rules = api.demand(f"/rules/branches/{branch}{_ALL}")
    for number in dict.fromkeys(rule["ruleset_id"] for rule in rules):
        found = api.read(f"/rulesets/{number}", needs=_ADMINISTRATION)
        about = found if isinstance(found, Mapping) else {}
        yield ruleset(about, [rule for rule in rules if rule["ruleset_id"] == number])


def _pages(api: _Api, *, has_pages: bool) -> Pages | Unknown | None:
    found = api.read("/pages", needs="pages: read")
    if found is None and has_pages:
        return Unknown("pages: read")
    if found is None or isinstance(found, Unknown):
        return found
    return Pages(
        by_workflow=found.get("build_type") == "workflow",
        https=bool(found.get("https_enforced")),
    )


def _environment(api: _Api) -> Environment | Unknown | None:
    found = api.read(_ENVIRONMENT, needs="actions: read")
    if found is None or isinstance(found, Unknown):
        return found
    policy = found.get("deployment_branch_policy")
    if not policy:
        return Environment(deployers=Deployers.ALL)
    if policy["protected_branches"]:
        return Environment(deployers=Deployers.PROTECTED)
    listed = api.demand(f"{_ENVIRONMENT}/deployment-branch-policies{_ALL}")["branch_policies"]
    branches = tuple(_ref_name(each) for each in listed)
    return Environment(deployers=Deployers.LISTED, branches=branches)


def _ref_name(policy: Mapping[str, Any]) -> str:
    """Return the name of a branch; that of a tag says so, for it is none."""
    name = str(policy["name"])
    return f"the tag {name}" if policy.get("type") == "tag" else name


def _workflow_token(api: _Api) -> WorkflowToken | Unknown:
    found = api.read("/actions/permissions/workflow", needs=_ADMINISTRATION)
    if found is None or isinstance(found, Unknown):
        return Unknown(_ADMINISTRATION)
    return WorkflowToken(
        writes=found["default_workflow_permissions"] == "write",
        opens_pull_requests=found["can_approve_pull_request_reviews"],
    )


def _secrets(api: _Api) -> tuple[str, ...] | Unknown:
    found = api.read(f"/actions/secrets{_ALL}", needs="secrets: read")
    if found is None or isinstance(found, Unknown):
        return Unknown("secrets: read")
    return tuple(each["name"] for each in found["secrets"])


def _workflows(api: _Api) -> Mapping[str, bytes] | Unknown:
    files: dict[str, bytes] = {}
    for path in map(workflow_path, BRANCHES):
        found = api.read(f"/contents/{quote(path)}?ref=main", needs=_CONTENTS)
        if isinstance(found, Unknown):
            return found
        if found is not None:
            files[path] = b64decode(found["content"])
    return files
