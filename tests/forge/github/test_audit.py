"""What is read of a repository's settings: on a good one, a bad one, and with too few rights."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.forge.github.auditing import (
    FILES,
    MAIN_RULES,
    add_rules,
    as_owner,
    emulated,
    set_up_well,
    unwell,
)
from tests.support.github import Protection
from tests.support.github._state import Environment as EmulatedEnvironment
from tests.support.on_github import NAME, OnGitHub, on_github

from tufline.repository.forge.github._audit import audit
from tufline.repository.forge.github._audit_rules import classic, ruleset
from tufline.repository.forge.github._tasks import workflow_path
from tufline.repository.init import (
    Branch,
    Deployers,
    Environment,
    Pages,
    RepositoryFacts,
    Unknown,
    WorkflowToken,
)
from tufline.repository.init import Protection as Rules

PROTECTED = Rules(
    name="ruleset main",
    pull_request=True,
    code_owners=True,
    checks=frozenset({"signing-event"}),
    keeps_history=True,
    keeps_branch=True,
)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with emulated(tmp_path) as github:
        yield github


def test_repository_that_is_set_up_well_is_fine(github: OnGitHub, tmp_path: Path) -> None:
    set_up_well(github, tmp_path)

    assert audit(as_owner(github)) == RepositoryFacts(
        name=NAME,
        url=f"{github.hub.url}/{NAME}",
        default_branch="main",
        merge_commits=True,
        deletes_merged=True,
        main=Branch(protections=(PROTECTED,)),
        publish=Branch(
            protections=(
                Rules(
                    name="ruleset publish", pushers=("Integration 7",), bypass=("Integration 7",)
                ),
                Rules(name="ruleset publish", keeps_history=True, keeps_branch=True),
            )
        ),
        pages=Pages(by_workflow=True, https=True),
        environment=Environment(deployers=Deployers.LISTED, branches=("publish",)),
        workflow_token=WorkflowToken(writes=False, opens_pull_requests=True),
        secrets=(),
        workflows=FILES,
    )
    assert unwell(github) == []


def test_repository_that_nobody_set_up_lacks_nearly_all(tmp_path: Path) -> None:
    with on_github(tmp_path) as github:
        github.commit("main", {"file": "main"})
        github.repository.default_workflow_permissions = "write"
        github.repository.secrets = ["GCP_SA_KEY"]
        github.repository.allow_merge_commit = False

        assert unwell(github) == [
            "unsafe: main can be changed without a pull request",
            "unsafe: main asks for no review by Code Owners",
            "unsafe: main does not ask for the status signing-event",
            "unsafe: main can be force-pushed",
            "unsafe: main can be deleted",
            "missing: there is no branch publish",
            "missing: pull requests may not be merged by a merge commit",
            "missing: branches stay when they were merged",
            "missing: Pages are off",
            "missing: there is no environment github-pages",
            "unsafe: a workflow's token may write by default",
            "missing: workflows may not open pull requests",
            "unsafe: a key that lasts is in: GCP_SA_KEY",
            *(f"missing: {path} is not on main" for path in FILES),
        ]


def test_changed_workflow_is_seen_byte_for_byte(github: OnGitHub, tmp_path: Path) -> None:
    set_up_well(github, tmp_path)
    path = workflow_path("check")
    github.commit("main", {path: FILES[path] + b"\n"})

    assert unwell(github) == [f"unsafe: {path} differs from what `tufline init` writes"]


def test_classic_protection_counts_as_well(github: OnGitHub) -> None:
    github.repository.protections["main"] = Protection(
        checks=("signing-event",), reviews=1, code_owners=True, enforce_admins=True
    )
    github.repository.protections["publish"] = Protection(
        pushers=("octo",), allow_force_pushes=True, allow_deletions=True
    )

    facts = audit(as_owner(github))
    assert facts.main == Branch(
        protections=(
            Rules(
                name="branch protection",
                checks=frozenset({"signing-event"}),
                keeps_history=True,
                keeps_branch=True,
            ),
            Rules(name="branch protection", pull_request=True, approvals=1, code_owners=True),
        )
    )
    assert facts.publish == Branch(
        protections=(
            Rules(name="branch protection", pushers=("@octo",), bypass=("administrators",)),
        )
    )


def test_those_who_may_bypass_are_named(github: OnGitHub) -> None:
    actors = (
        {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"},
        {"actor_type": "OrganizationAdmin", "actor_id": None, "bypass_mode": "always"},
    )
    add_rules(github, "main", *MAIN_RULES, bypass=actors)

    exempt = "but this does not bind OrganizationAdmin, the role admin"
    assert f"unsafe: main changes by pull requests only, {exempt}" in unwell(github)


def test_exceptions_of_pull_requests_concern_nothing_else() -> None:
    told = {
        "enforce_admins": {"enabled": True},
        "required_pull_request_reviews": {
            "bypass_pull_request_allowances": {
                "users": [{"login": "alice"}],
                "teams": [{"slug": "release"}],
                "apps": [{"slug": "bot"}],
            }
        },
    }

    others, pull_requests = classic(told)
    assert (others.keeps_history, others.bypass) == (True, ())
    assert pull_requests.bypass == ("@alice", "team release", "App bot")


def test_ruleset_that_does_not_say_whom_it_exempts_is_not_taken_for_strict() -> None:
    rules = [{"type": "deletion"}, {"type": "update"}]

    assert ruleset({"name": "x"}, rules) == Rules(
        name="ruleset x", keeps_branch=True, pushers=(), bypass=Unknown("administration: write")
    )


@pytest.mark.parametrize(
    ("more", "environment"),
    [
        ({}, Environment(deployers=Deployers.ALL)),
        ({"protected": True}, Environment(deployers=Deployers.PROTECTED)),
        (
            {"branches": ("publish", "sign/*")},
            Environment(deployers=Deployers.LISTED, branches=("publish", "sign/*")),
        ),
        (
            {"branches": ("tags/publish",)},
            Environment(deployers=Deployers.LISTED, branches=("the tag publish",)),
        ),
    ],
)
def test_environment_says_which_branches_deploy(
    github: OnGitHub, more: dict[str, object], environment: Environment
) -> None:
    emulated = EmulatedEnvironment(id=1, name="github-pages", **more)  # type: ignore[arg-type] # a table
    github.repository.environments["github-pages"] = emulated

    assert audit(as_owner(github)).environment == environment


def test_pages_of_a_branch_without_https_are_seen(github: OnGitHub, tmp_path: Path) -> None:
    set_up_well(github, tmp_path)
    assert github.repository.pages
    github.repository.pages.source = "legacy"
    github.repository.pages.https = False

    assert unwell(github) == [
        "unsafe: Pages show a branch as it is, untested",
        "unsafe: Pages are served by http, too",
    ]


def test_audit_changes_nothing(github: OnGitHub) -> None:
    audit(as_owner(github))

    asked = [each for each in github.hub.requests if each.mutating]
    assert asked == []
