"""What is missing or unsafe in how a repository is set up on GitHub. Pure: facts in, remarks out.

    for remark in check(audit(session), expected):
        print(remark.severity, remark.what)

Each check is a function. What could not be read is a remark of its own, never a good one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from tufline.repository.init._check_branches import check_main, check_publish
from tufline.repository.init._facts import (
    Branch,
    Deployers,
    Environment,
    Pages,
    RepositoryFacts,
    Unknown,
)
from tufline.repository.init._remark import Aim, Remark

# Keys of clouds that a workflow could have for an hour instead, by OpenID Connect.
_LONG_LIVED: Final = re.compile(
    r"AWS_(SECRET_)?ACCESS_KEY|(GCP|GOOGLE|GCLOUD).*(KEY|CREDENTIAL)|AZURE.*(SECRET|CREDENTIAL)"
    r"|PRIVATE_KEY",
    re.IGNORECASE,
)


def check(facts: RepositoryFacts, expected: Mapping[str, bytes]) -> tuple[Remark, ...]:
    """Return a remark on each thing that was looked at; `expected` are our workflows, by path."""
    return (
        _default_branch(facts),
        *check_main(facts),
        *check_publish(facts),
        _merge_commits(facts),
        _deletes_merged(facts),
        *_pages(facts),
        _environment(facts),
        _default_permissions(facts),
        _opens_pull_requests(facts),
        _secrets(facts),
        *_workflows(facts, expected),
    )


def _default_branch(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="main is the default branch",
        bad=f"the default branch is {facts.default_branch!r}, not main",
        why="GitHub takes schedules from the default branch, and what it lets people dispatch",
        where=f"{facts.url}/settings",
    )
    return aim.fine() if facts.default_branch == "main" else aim.missing()


def _merge_commits(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="pull requests may be merged by a merge commit",
        bad="pull requests may not be merged by a merge commit",
        why="a signing event is merged as the commits that were judged and signed",
        where=f"{facts.url}/settings",
    )
    return aim.judged(facts.merge_commits)


def _deletes_merged(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="a branch is deleted when it was merged",
        bad="branches stay when they were merged",
        why="a left-over branch of a scheduled event keeps its role from being renewed",
        where=f"{facts.url}/settings",
    )
    return aim.judged(facts.deletes_merged)


def _pages(facts: RepositoryFacts) -> Iterator[Remark]:
    aim = Aim(
        good="Pages are deployed by a workflow",
        bad="Pages are off",
        why="the repository is published by the workflow publish, after it was tested",
        where=f"{facts.url}/settings/pages: Source, GitHub Actions",
    )
    if not isinstance(facts.pages, Pages):
        yield aim.judged(facts.pages or False)
        return
    by_branch = aim.unsafe("Pages show a branch as it is, untested")
    yield aim.fine() if facts.pages.by_workflow else by_branch
    yield _https(facts, facts.pages)


def _https(facts: RepositoryFacts, pages: Pages) -> Remark:
    aim = Aim(
        good="Pages are served by https only",
        bad="Pages are served by http, too",
        why="metadata is signed, but whoever sits in between could keep clients at an old version",
        where=f"{facts.url}/settings/pages: Enforce HTTPS",
    )
    return aim.fine() if pages.https else aim.unsafe()


def _environment(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="only publish may deploy to the environment github-pages",
        bad="there is no environment github-pages",
        why="a workflow that somebody pushed to another branch could deploy what it likes",
        where=f"{facts.url}/settings/environments: deployment branches",
    )
    if not isinstance(facts.environment, Environment):
        return aim.judged(facts.environment or False)
    if facts.environment == Environment(deployers=Deployers.LISTED, branches=("publish",)):
        return aim.fine()
    listed = facts.environment.deployers is Deployers.LISTED
    who = ", ".join(facts.environment.branches) if listed else facts.environment.deployers
    return aim.unsafe(f"{who or 'no branch'} may deploy to the environment github-pages")


def _default_permissions(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="a workflow's token may only read by default",
        bad="a workflow's token may write by default",
        why="a workflow that somebody pushed to a branch gets these permissions unasked",
        where=f"{facts.url}/settings/actions: Workflow permissions",
    )
    token = facts.workflow_token
    if isinstance(token, Unknown):
        return aim.unknown(token)
    return aim.unsafe() if token.writes else aim.fine()


def _opens_pull_requests(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="workflows may open pull requests",
        bad="workflows may not open pull requests",
        why="a signing event is one; not needed where jobs have an App's token in place of theirs",
        where=f"{facts.url}/settings/actions: Workflow permissions",
    )
    token = facts.workflow_token
    if isinstance(token, Unknown):
        return aim.unknown(token)
    if not token.opens_pull_requests:
        return aim.missing()
    rules = facts.main.protections if isinstance(facts.main, Branch) else ()
    if any(each.approvals for each in rules):
        return aim.unsafe("workflows may approve pull requests, and main asks for approvals")
    return aim.fine()


def _secrets(facts: RepositoryFacts) -> Remark:
    aim = Aim(
        good="no secret looks like a key that lasts",
        bad="",
        why="it works for whoever copies it, from anywhere, until somebody revokes it",
        where=(
            f"{facts.url}/settings/secrets/actions: let the cloud trust the workflow by OIDC; an "
            "App's key belongs to the environment tufline, which only main may use"
        ),
    )
    if isinstance(facts.secrets, Unknown):
        return aim.unknown(facts.secrets)
    found = sorted(filter(_LONG_LIVED.search, facts.secrets))
    return aim.unsafe(f"a key that lasts is in: {', '.join(found)}") if found else aim.fine()


def _workflows(facts: RepositoryFacts, expected: Mapping[str, bytes]) -> Iterator[Remark]:
    for path, content in expected.items():
        aim = Aim(
            good=f"{path} is as `tufline init` writes it",
            bad=f"{path} is not on main",
            why="it decides what runs, with which permissions, and which code it calls",
            where="`tufline init --upgrade` shows the difference and writes the file",
        )
        if isinstance(facts.workflows, Unknown):
            yield aim.unknown(facts.workflows)
        elif path not in facts.workflows:
            yield aim.missing()
        elif facts.workflows[path] != content:
            yield aim.unsafe(f"{path} differs from what `tufline init` writes")
        else:
            yield aim.fine()
