"""What is said of a repository's settings: each check on a good one and on one with that defect."""

from dataclasses import replace

import pytest
from tests.init.facts import ADMINISTRATION, EXPECTED, GOOD, MAIN, PUBLISH, not_fine, on_main

from tufline.repository.init import (
    Branch,
    Deployers,
    Environment,
    Pages,
    Protection,
    Remark,
    RepositoryFacts,
    Severity,
    Unknown,
    WorkflowToken,
    check,
)

RULES = "https://github.com/octo/tuf/settings/rules"


def on_publish(*protections: Protection, unread: Unknown | None = None) -> RepositoryFacts:
    return replace(GOOD, publish=Branch(protections=protections, unread=unread))


def test_good_repository_is_fine_in_all_that_is_looked_at() -> None:
    remarks = check(GOOD, EXPECTED)

    assert [each.what for each in remarks] == [
        "main is the default branch",
        "there is a branch main",
        "main changes by pull requests only",
        "what Code Owners own on main takes their review",
        "main takes only what has the status signing-event",
        "main cannot be force-pushed",
        "main cannot be deleted",
        "there is a branch publish",
        "publish cannot be force-pushed",
        "publish cannot be deleted",
        "only some may push to publish",
        "publish takes pushes",
        "pull requests may be merged by a merge commit",
        "a branch is deleted when it was merged",
        "Pages are deployed by a workflow",
        "Pages are served by https only",
        "only publish may deploy to the environment github-pages",
        "a workflow's token may only read by default",
        "workflows may open pull requests",
        "no secret looks like a key that lasts",
        ".github/workflows/publish.yml is as `tufline init` writes it",
    ]
    assert {each.severity for each in remarks} == {Severity.FINE}
    assert all(each.why and each.where for each in remarks)


def test_remark_says_what_is_wrong_why_it_matters_and_where_it_is_set() -> None:
    facts = on_main(replace(MAIN, pull_request=False))

    assert Remark(
        severity=Severity.UNSAFE,
        what="main can be changed without a pull request",
        why="a change of settings, workflows or metadata would be on main before anybody judged it",
        where=RULES,
    ) in check(facts, EXPECTED)


@pytest.mark.parametrize(
    ("facts", "severity", "what"),
    [
        (
            replace(GOOD, default_branch="master"),
            "missing",
            "the default branch is 'master', not main",
        ),
        (
            replace(GOOD, merge_commits=False),
            "missing",
            "pull requests may not be merged by a merge commit",
        ),
        (
            replace(GOOD, deletes_merged=False),
            "missing",
            "branches stay when they were merged",
        ),
        (replace(GOOD, main=None), "missing", "there is no branch main"),
        (replace(GOOD, publish=None), "missing", "there is no branch publish"),
        (
            on_main(replace(MAIN, checks=frozenset({"other"}))),
            "unsafe",
            "main does not ask for the status signing-event",
        ),
        (
            on_main(replace(MAIN, code_owners=False)),
            "unsafe",
            "main asks for no review by Code Owners",
        ),
        (on_main(replace(MAIN, keeps_history=False)), "unsafe", "main can be force-pushed"),
        (on_main(replace(MAIN, keeps_branch=False)), "unsafe", "main can be deleted"),
        (
            on_publish(replace(PUBLISH, keeps_history=False)),
            "unsafe",
            "publish can be force-pushed",
        ),
        (on_publish(replace(PUBLISH, keeps_branch=False)), "unsafe", "publish can be deleted"),
        (
            on_publish(replace(PUBLISH, pushers=None)),
            "unsafe",
            "whoever may write to the repository may push to publish",
        ),
        (
            on_publish(PUBLISH, replace(PUBLISH, pull_request=True)),
            "missing",
            "publish takes no pushes, not even those of online signing",
        ),
        (
            on_publish(replace(PUBLISH, pushers=())),
            "missing",
            "publish takes no pushes, not even those of online signing",
        ),
        (replace(GOOD, pages=None), "missing", "Pages are off"),
        (
            replace(GOOD, pages=Pages(by_workflow=False, https=True)),
            "unsafe",
            "Pages show a branch as it is, untested",
        ),
        (
            replace(GOOD, pages=Pages(by_workflow=True, https=False)),
            "unsafe",
            "Pages are served by http, too",
        ),
        (
            replace(GOOD, environment=None),
            "missing",
            "there is no environment github-pages",
        ),
        (
            replace(GOOD, environment=Environment(deployers=Deployers.ALL)),
            "unsafe",
            "every branch may deploy to the environment github-pages",
        ),
        (
            replace(GOOD, environment=Environment(deployers=Deployers.PROTECTED)),
            "unsafe",
            "every protected branch may deploy to the environment github-pages",
        ),
        (
            replace(
                GOOD,
                environment=Environment(deployers=Deployers.LISTED, branches=("publish", "*")),
            ),
            "unsafe",
            "publish, * may deploy to the environment github-pages",
        ),
        (
            replace(GOOD, environment=Environment(deployers=Deployers.LISTED)),
            "unsafe",
            "no branch may deploy to the environment github-pages",
        ),
        (
            replace(GOOD, workflow_token=WorkflowToken(writes=True, opens_pull_requests=True)),
            "unsafe",
            "a workflow's token may write by default",
        ),
        (
            replace(GOOD, workflow_token=WorkflowToken(writes=False, opens_pull_requests=False)),
            "missing",
            "workflows may not open pull requests",
        ),
        (
            on_main(replace(MAIN, approvals=1)),
            "unsafe",
            "workflows may approve pull requests, and main asks for approvals",
        ),
        (
            replace(GOOD, workflows={}),
            "missing",
            ".github/workflows/publish.yml is not on main",
        ),
        (
            replace(GOOD, workflows={".github/workflows/publish.yml": b"name: other\n"}),
            "unsafe",
            ".github/workflows/publish.yml differs from what `tufline init` writes",
        ),
    ],
)
def test_one_defect_is_one_remark(facts: RepositoryFacts, severity: str, what: str) -> None:
    assert not_fine(facts) == [(severity, what)]


@pytest.mark.parametrize(
    ("facts", "needs", "remarks"),
    [
        (replace(GOOD, merge_commits=Unknown("contents: write")), "contents: write", 1),
        (replace(GOOD, deletes_merged=Unknown("contents: write")), "contents: write", 1),
        (replace(GOOD, main=Unknown("contents: read")), "contents: read", 1),
        (replace(GOOD, publish=Unknown("contents: read")), "contents: read", 1),
        (replace(GOOD, pages=Unknown("pages: read")), "pages: read", 1),
        (replace(GOOD, environment=Unknown("actions: read")), "actions: read", 1),
        (replace(GOOD, workflow_token=ADMINISTRATION), "administration: read", 2),
        (replace(GOOD, secrets=Unknown("secrets: read")), "secrets: read", 1),
        (replace(GOOD, workflows=Unknown("contents: read")), "contents: read", 1),
        (on_main(unread=ADMINISTRATION), "administration: read", 5),
        (on_publish(unread=ADMINISTRATION), "administration: read", 3),
        (on_main(replace(MAIN, bypass=ADMINISTRATION)), "administration: read", 5),
    ],
)
def test_what_may_not_be_read_is_unknown_and_names_the_permission(
    facts: RepositoryFacts, needs: str, remarks: int
) -> None:
    found = not_fine(facts)

    assert [severity for severity, _ in found] == ["unknown"] * remarks
    assert all(what.endswith(f": to read it needs {needs}") for _, what in found)
