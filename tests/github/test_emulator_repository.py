"""Refs, branches, protection, people, workflows and settings of an emulated repository."""

from pathlib import Path
from typing import Any

import pytest
import requests
from github import GithubException, UnknownObjectException
from tests.github.asking import Ask, client, refusal
from tests.support.github import Hub, Protection, Repository, Ruleset


def got(ask: Ask, path: str, login: str = "octo") -> Any:  # noqa: ANN401 - any JSON value
    """Return what the repository's path answers, where PyGithub has no method for it."""
    repository = ask(login)
    return repository.requester.requestJsonAndCheck("GET", f"{repository.url}{path}")[1]


def test_repository_tells_its_names_and_what_one_may(ask: Ask, hub: Hub) -> None:
    repository = ask()
    may = repository.permissions

    assert (repository.full_name, repository.default_branch) == ("octo/tuf", "main")
    assert repository.clone_url == f"{hub.url}/octo/tuf.git"
    assert (may.pull, may.push, may.admin) == (True, True, False)
    assert ask("octo").permissions.admin


def test_unknown_repository_is_not_found(ask: Ask, hub: Hub) -> None:
    ask()
    with client(hub, hub.token("alice")) as api, pytest.raises(UnknownObjectException):
        api.get_repo("octo/none")


def test_refs_are_made_moved_listed_and_deleted(ask: Ask) -> None:
    repository = ask()
    main, ahead = (repository.get_branch(name).commit.sha for name in ("main", "sign/a"))
    ref = repository.create_git_ref("refs/heads/sign/b", main)
    ref.edit(ahead)

    assert repository.get_git_ref("heads/sign/b").object.sha == ahead
    assert [each.ref for each in repository.get_git_matching_refs("heads/sign/")] == [
        "refs/heads/sign/a",
        "refs/heads/sign/b",
    ]
    ref.delete()
    with pytest.raises(UnknownObjectException):
        repository.get_git_ref("heads/sign/b")


def test_ref_that_makes_no_sense_is_refused(ask: Ask) -> None:
    repository = ask()
    main, ahead = (repository.get_branch(name).commit.sha for name in ("main", "sign/a"))
    refused = []
    for operation in (
        lambda: repository.create_git_ref("refs/heads/sign/a", main),
        lambda: repository.create_git_ref("heads", main),
        lambda: repository.create_git_ref("refs/heads/new", "1" * 40),
        lambda: repository.get_git_ref("heads/sign/a").edit(main),
    ):
        with pytest.raises(GithubException) as error:
            operation()
        refused.append(refusal(error))

    assert refused == [
        (422, "Reference already exists"),
        (422, "Reference name must start with 'refs/' and have two slashes"),
        (422, "Object does not exist"),
        (422, "Update is not a fast forward"),
    ]
    assert repository.get_branch("sign/a").commit.sha == ahead


def test_protected_branch_is_not_moved_by_the_api(ask: Ask, tuf: Repository) -> None:
    tuf.protections["main"] = Protection(reviews=0, enforce_admins=True)
    head = ask().get_branch("sign/a").commit.sha

    with pytest.raises(GithubException) as error:
        ask().get_git_ref("heads/main").edit(head)

    assert error.value.status == 422
    assert "Changes must be made through a pull request." in refusal(error)[1]


def test_branches_say_whether_they_are_protected(ask: Ask, tuf: Repository) -> None:
    tuf.protections["main"] = Protection()
    found = {branch.name: branch.protected for branch in ask().get_branches()}

    assert found == {"main": True, "sign/a": False}
    assert ask().get_branch("main").protected
    with pytest.raises(GithubException) as error:
        ask().get_branch("none")
    assert refusal(error) == (404, "Branch not found")


def test_protection_is_set_and_read_back_by_admins(ask: Ask) -> None:
    branch = ask("octo").get_branch("main")
    with pytest.raises(GithubException) as error:
        branch.get_protection()
    assert refusal(error) == (404, "Branch not protected")

    branch.edit_protection(
        strict=True,
        contexts=["signing-event"],
        enforce_admins=True,
        required_approving_review_count=0,
        user_push_restrictions=["octo"],
    )

    found = branch.get_protection()
    assert found.required_status_checks.contexts == ["signing-event"]
    assert (found.required_status_checks.strict, found.enforce_admins) == (True, True)
    assert found.required_pull_request_reviews.required_approving_review_count == 0
    pushers = got(ask, "/branches/main/protection")["restrictions"]["users"]
    assert [user["login"] for user in pushers] == ["octo"]
    assert (found.allow_force_pushes, found.allow_deletions) == (False, False)
    with pytest.raises(GithubException) as error:
        ask("alice").get_branch("main").get_protection()
    assert error.value.status == 403


def test_rulesets_and_the_rules_for_a_branch(ask: Ask, tuf: Repository) -> None:
    rule = {"type": "deletion"}
    tuf.rulesets[1] = Ruleset(id=1, name="main", rules=(rule,))
    tuf.rulesets[2] = Ruleset(id=2, name="signing", include=("refs/heads/sign/*",), rules=(rule,))
    tuf.rulesets[3] = Ruleset(id=3, name="off", include=("~ALL",), enforcement="disabled")

    assert [each["name"] for each in got(ask, "/rulesets")] == ["main", "signing", "off"]
    assert got(ask, "/rulesets/2")["rules"] == [rule]
    assert [each["ruleset_id"] for each in got(ask, "/rules/branches/main")] == [1]
    assert [each["ruleset_id"] for each in got(ask, "/rules/branches/sign/a")] == [2]


def test_collaborators_and_their_permissions(ask: Ask, hub: Hub) -> None:
    hub.add_user("carol")
    repository = ask()

    assert [user.login for user in repository.get_collaborators()] == ["octo", "alice", "bob"]
    told = {
        login: (
            repository.has_in_collaborators(login),
            repository.get_collaborator_permission(login),
        )
        for login in ("octo", "alice", "bob", "carol")
    }
    assert told == {
        "octo": (True, "admin"),
        "alice": (True, "write"),
        "bob": (True, "read"),
        "carol": (False, "read"),
    }
    with pytest.raises(UnknownObjectException):
        repository.get_collaborator_permission("nobody")


def test_workflows_are_the_files_on_the_default_branch(ask: Ask, hub: Hub) -> None:
    files = {f".github/workflows/{name}": "on: push\n" for name in ("b.yml", "a.yaml", "README")}
    hub.push("octo/tuf", "main", dict(files), login="octo")

    found = list(ask().get_workflows())
    assert [(each.path, each.state) for each in found] == [
        (".github/workflows/a.yaml", "active"),
        (".github/workflows/b.yml", "active"),
    ]
    assert ask().get_workflow(found[1].id).path == ".github/workflows/b.yml"


def test_runs_are_listed_newest_first_and_filtered(ask: Ask, hub: Hub) -> None:
    hub.push("octo/tuf", "main", {".github/workflows/a.yml": "on: push\n"}, login="octo")
    hub.add_run("octo/tuf", "a.yml", event="schedule")
    hub.add_run("octo/tuf", "b.yml", branch="sign/a", conclusion="failure")
    hub.add_run("octo/tuf", "a.yml", status="in_progress", conclusion=None)

    def numbers(**filters: Any) -> list[tuple[str, int]]:  # noqa: ANN401 - as PyGithub takes them
        return [(run.name, run.run_number) for run in ask().get_workflow_runs(**filters)]

    assert numbers() == [("a.yml", 2), ("b.yml", 1), ("a.yml", 1)]
    assert numbers(branch="sign/a") == [("b.yml", 1)]
    assert numbers(event="schedule") == [("a.yml", 1)]
    assert numbers(status="failure") == [("b.yml", 1)]
    assert numbers(status="in_progress") == [("a.yml", 2)]
    assert [run.run_number for run in ask().get_workflow("a.yml").get_runs()] == [2, 1]


def test_environments_name_the_branches_that_may_deploy(ask: Ask, hub: Hub) -> None:
    hub.add_environment("octo/tuf", "github-pages", branches=("publish",))
    hub.add_environment("octo/tuf", "free")
    first, second = ask().get_environments()

    assert (first.name, second.name) == ("github-pages", "free")
    assert got(ask, "/environments/free")["deployment_branch_policy"] is None
    policies = got(ask, "/environments/github-pages/deployment-branch-policies")
    assert [each["name"] for each in policies["branch_policies"]] == ["publish"]


def test_settings_of_actions_are_for_admins(ask: Ask, tuf: Repository) -> None:
    tuf.secrets.append("AWS_ROLE")
    tuf.default_workflow_permissions = "write"

    assert [secret.name for secret in ask("octo").get_secrets()] == ["AWS_ROLE"]
    may = got(ask, "/actions/permissions/workflow")
    assert may["default_workflow_permissions"] == "write"
    assert not may["can_approve_pull_request_reviews"]
    with pytest.raises(GithubException) as error:
        got(ask, "/actions/permissions/workflow", login="alice")
    assert error.value.status == 403


def test_pages_are_described_and_served(ask: Ask, hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(UnknownObjectException):
        got(ask, "/pages")
    folder = tmp_path / "site"
    (folder / "metadata").mkdir(parents=True)
    (folder / "index.html").write_text("welcome")
    (folder / "metadata/1.root.json").write_bytes(b"{}")
    (tmp_path / "secret").write_text("outside")
    url = hub.set_pages("octo/tuf", folder)

    assert (got(ask, "/pages")["html_url"], got(ask, "/pages")["build_type"]) == (url, "workflow")
    served = {
        path: (answer.status_code, answer.content)
        for path in ("", "metadata/1.root.json", "none", "%2e%2e/secret", "metadata")
        for answer in [requests.get(url + path, timeout=10)]
    }
    missing = (404, b'{"message": "Not Found"}')
    assert served == {
        "": (200, b"welcome"),
        "metadata/1.root.json": (200, b"{}"),
        "none": missing,
        "%2e%2e/secret": missing,
        "metadata": missing,
    }


def test_rate_limit_and_users_are_told(hub: Hub, ask: Ask) -> None:
    ask()
    with client(hub, hub.token("alice")) as api:
        assert api.get_rate_limit().rate.remaining == 4999
        assert api.get_user("bob").login == "bob"
        with pytest.raises(UnknownObjectException):
            api.get_user("nobody")
