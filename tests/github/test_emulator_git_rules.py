"""Pushes that the emulator refuses as GitHub does: protected branches, rulesets, workflow files."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.github.cloning import NOW, Clone, World, clone, start
from tests.support.github import Protection, Ruleset
from tests.support.github._objects import branch_sha
from tests.support.github._state import Status


@pytest.mark.parametrize(
    ("protection", "reason"),
    [
        (Protection(reviews=0), "Changes must be made through a pull request."),
        (Protection(checks=("ci",)), 'Required status check "ci" is expected.'),
        (Protection(pushers=("ci",)), "You're not authorized to push to this branch."),
    ],
)
def test_protected_branch_refuses_a_push(
    world: World, writer: Clone, protection: Protection, reason: str
) -> None:
    first = start(writer)
    world.base.protections["main"] = protection
    writer.commit(content="second")

    said = writer.push("main", "main:other")

    assert "remote: error: GH006: Protected branch update failed for refs/heads/main." in said
    assert f"remote: error: - {reason}" in said
    assert "! [remote rejected] main -> main (hook declined)" in said
    assert branch_sha(world.base.git_dir, "main") == first
    assert [branch for _, _, branch, *_ in world.pushes] == ["main", "other"]


def test_commit_with_the_required_status_can_be_pushed(world: World, writer: Clone) -> None:
    start(writer)
    world.base.protections["main"] = Protection(checks=("ci",))
    sha = writer.commit(content="second")
    for number, state in enumerate(("failure", "success")):
        world.base.statuses.append(status(number, sha, state))

    assert writer.push("main") == ""
    assert branch_sha(world.base.git_dir, "main") == sha


def test_administrator_passes_unless_the_protection_includes_them(
    world: World, writer: Clone, tmp_path: Path
) -> None:
    start(writer)
    protection = world.base.protections["main"] = Protection(reviews=1)
    admin = clone(world, tmp_path, "admin")
    admin.git("reset", "--quiet", "--hard", admin.fetch("main"))

    admin.commit(content="second")
    assert admin.push("main") == ""
    protection.enforce_admins = True
    admin.commit(content="third")
    assert "Changes must be made through a pull request." in admin.push("main")


def test_protected_branch_moves_only_forward_unless_it_may(world: World, writer: Clone) -> None:
    start(writer)
    protection = world.base.protections["publish"] = Protection()
    sha = writer.commit(content="second")
    assert writer.push("main:publish") == ""

    assert "Cannot force-push to this branch" in writer.push("+main~1:publish")
    assert "Cannot delete this protected branch" in writer.push(":publish")
    assert branch_sha(world.base.git_dir, "publish") == sha

    protection.allow_force_pushes = protection.allow_deletions = True
    assert writer.push("+main~1:publish") == ""
    assert writer.push(":publish") == ""


@pytest.mark.parametrize(
    ("rule", "refspec", "reason"),
    [
        ({"type": "deletion"}, ":next", "Cannot delete this branch"),
        ({"type": "non_fast_forward"}, "+other:main", "Cannot force-push to this branch"),
        ({"type": "update"}, "next:main", "Cannot update this protected ref."),
        ({"type": "creation"}, "next:new", "Cannot create ref due to creations being restricted."),
        ({"type": "pull_request"}, "next:main", "Changes must be made through a pull request."),
        (
            {
                "type": "required_status_checks",
                "parameters": {"required_status_checks": [{"context": "ci"}]},
            },
            "next:main",
            'Required status check "ci" is expected.',
        ),
    ],
)
def test_ruleset_refuses_a_push(
    world: World, writer: Clone, rule: Mapping[str, object], refspec: str, reason: str
) -> None:
    start(writer)
    writer.git("branch", "next")
    writer.git("checkout", "--quiet", "next")
    writer.commit(content="next")
    writer.git("checkout", "--quiet", "--orphan", "other")
    writer.commit(content="other")
    include = ("~DEFAULT_BRANCH", "refs/heads/n*")
    writer.push("next")
    world.base.rulesets[1] = Ruleset(id=1, name="all", include=include, rules=(rule,))
    pushes = world.pushes

    said = writer.push(refspec)

    assert "GH013: Repository rule violations found for refs/heads/" in said
    assert reason in said
    assert world.pushes == pushes

    world.base.rulesets[1].enforcement = "disabled"
    assert reason not in writer.push(refspec)


def test_token_without_workflows_permission_brings_no_new_workflow_file(
    world: World, tmp_path: Path
) -> None:
    ci = clone(world, tmp_path, "ci")
    ci.commit(".github/workflows/w.yml", "on: push")

    said = ci.push("main")

    assert (
        "refusing to allow a GitHub App to create or update workflow `.github/workflows/w.yml` "
        "without `workflows` permission"
    ) in said
    assert world.pushes == []


def test_token_without_workflows_permission_may_push_a_workflow_file_of_another_branch(
    world: World, writer: Clone, tmp_path: Path
) -> None:
    writer.commit(".github/workflows/w.yml", "on: push")
    writer.push("main")
    ci = clone(world, tmp_path, "ci")
    ci.git("reset", "--quiet", "--hard", ci.fetch("main"))
    ci.commit(content="online metadata")

    assert ci.push("main:publish") == ""


def status(number: int, sha: str, state: str) -> Status:
    return Status(
        id=number,
        sha=sha,
        context="ci",
        state=state,
        description=None,
        target_url=None,
        creator="writer",
        created=NOW,
    )
