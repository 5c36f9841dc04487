"""A repository's settings on GitHub, well set up."""

from dataclasses import replace

from tufline.repository.init import (
    Branch,
    Deployers,
    Environment,
    Pages,
    Protection,
    RepositoryFacts,
    Unknown,
    WorkflowToken,
    check,
)

EXPECTED = {".github/workflows/publish.yml": b"name: publish\n"}


MAIN = Protection(
    name="ruleset main",
    pull_request=True,
    code_owners=True,
    checks=frozenset({"signing-event", "other"}),
    keeps_history=True,
    keeps_branch=True,
)


PUBLISH = Protection(
    name="ruleset publish",
    keeps_history=True,
    keeps_branch=True,
    pushers=("App online-signer",),
)


GOOD = RepositoryFacts(
    name="octo/tuf",
    url="https://github.com/octo/tuf",
    default_branch="main",
    merge_commits=True,
    deletes_merged=True,
    main=Branch(protections=(MAIN,)),
    publish=Branch(protections=(PUBLISH,)),
    pages=Pages(by_workflow=True, https=True),
    environment=Environment(deployers=Deployers.LISTED, branches=("publish",)),
    workflow_token=WorkflowToken(writes=False, opens_pull_requests=True),
    secrets=("TUFLINE_HEARTBEAT_URL", "SLACK_URL"),
    workflows=EXPECTED,
)


ADMINISTRATION = Unknown("administration: read")


def on_main(*protections: Protection, unread: Unknown | None = None) -> RepositoryFacts:
    return replace(GOOD, main=Branch(protections=protections, unread=unread))


def not_fine(facts: RepositoryFacts) -> list[tuple[str, str]]:
    remarks = check(facts, EXPECTED)
    return [(each.severity.value, each.what) for each in remarks if each.severity != "fine"]
