"""Git over HTTP with the emulator: real git pushes, fetches, and is refused as by GitHub."""

import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urllib3
from tests.support.github import Fault, Hub, Kind, Protection, Repository, Ruleset, serve
from tests.support.github._objects import branch_sha, refs
from tests.support.github._pulls import ZERO, Actor, opened
from tests.support.github._state import BOT, Issue, Status

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A hub with `o/r` and a fork of it, and a token by the name of who has it.

    "ci" and "reader" are tokens of Actions that may write or read contents.
    """

    hub: Hub
    secrets: Mapping[str, str]

    @property
    def base(self) -> Repository:
        return self.hub.repositories["o/r"]

    @property
    def pushes(self) -> list[tuple[str, str, str, str, str]]:
        """Return repository, who, branch, old and new commit of each push event."""
        return [
            (event.repository, event.actor, event.ref.removeprefix("refs/heads/"), *moved)
            for event in self.hub.events
            if event.name == "push"
            for moved in [(event.payload["before"], event.payload["after"])]
        ]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serve(tmp_path / "hub", now=lambda: NOW) as hub:
        hub.add_repository("o/r", collaborators={"writer": "write", "admin": "admin"})
        hub.fork("o/r", "forker")
        secrets = {who: hub.token(who) for who in ("writer", "admin", "forker", "stranger")}
        for who, level in (("ci", "write"), ("reader", "read")):
            permissions = {"contents": level}
            secrets[who] = hub.token(who, kind="actions", repository="o/r", permissions=permissions)
        yield World(hub=hub, secrets=secrets)


class Clone:
    """A work tree of somebody who has a token, or none."""

    def __init__(self, world: World, folder: Path, login: str | None) -> None:
        self.url = world.hub.url
        self.folder = folder
        userinfo = "" if login is None else f"x-access-token:{world.secrets.get(login, 'unknown')}@"
        self.remote = self.url.replace("//", f"//{userinfo}")
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        people = ("-c", "user.name=N", "-c", "user.email=n@example.org")
        command = ["git", *people, "-c", "credential.helper=", "-C", str(self.folder), *arguments]
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "LC_ALL": "C",
        }
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def git(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, path: str = "file", content: str = "content") -> str:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        self.git("add", path)
        self.git("commit", "--quiet", "--message", content[:20])
        return self.git("rev-parse", "HEAD")

    def push(self, *refspecs: str, to: str = "o/r") -> str:
        """Push; return nothing, or what git said where it was refused."""
        done = self.run("push", "--quiet", f"{self.remote}/{to}.git", *refspecs)
        return done.stderr if done.returncode else ""

    def fetch(self, refspec: str, of: str = "o/r") -> str:
        self.git("fetch", "--quiet", f"{self.remote}/{of}", refspec)
        return self.git("rev-parse", "FETCH_HEAD")


@pytest.fixture
def writer(world: World, tmp_path: Path) -> Clone:
    return Clone(world, tmp_path / "writer", "writer")


def clone(world: World, tmp_path: Path, login: str | None) -> Clone:
    return Clone(world, tmp_path / f"of-{login}", login)


def start(writer: Clone) -> str:
    """Give main a first commit."""
    sha = writer.commit()
    assert writer.push("main") == ""
    return sha


def test_collaborator_pushes_and_anybody_fetches(
    world: World, writer: Clone, tmp_path: Path
) -> None:
    sha = start(writer)

    assert branch_sha(world.base.git_dir, "main") == sha
    assert world.pushes == [("o/r", "writer", "main", ZERO, sha)]
    assert clone(world, tmp_path, None).fetch("main") == sha


def test_push_larger_than_git_sends_in_one_piece_arrives(world: World, writer: Clone) -> None:
    writer.git("config", "http.postBuffer", "65536")
    lines = "\n".join(f"{n * 7919 % 1000003:x} {n * 104729:x}" for n in range(60_000))

    sha = writer.commit(content=lines)

    assert writer.push("main") == ""
    assert branch_sha(world.base.git_dir, "main") == sha


def test_push_reports_each_branch_that_it_changed(world: World, writer: Clone) -> None:
    first = start(writer)
    writer.push("main:sign/a", "main:sign/b")
    second = writer.commit(content="second")

    writer.push("main", ":sign/a", "main:sign/new", "main:refs/tags/v1", "+main~1:sign/b")

    assert world.pushes[3:] == [
        ("o/r", "writer", "main", first, second),
        ("o/r", "writer", "sign/new", ZERO, second),
    ]
    assert branch_sha(world.base.git_dir, "sign/a") is None


def test_push_that_changes_nothing_reports_nothing(world: World, writer: Clone) -> None:
    start(writer)
    pushes = world.pushes

    assert writer.push("main") == ""

    assert world.pushes == pushes


@pytest.mark.parametrize("login", ["stranger", "reader", "forker"])
def test_token_without_the_right_to_write_cannot_push(
    world: World, tmp_path: Path, login: str
) -> None:
    other = clone(world, tmp_path, login)
    other.commit()

    said = other.push("main")

    who = BOT if login == "reader" else login
    assert f"remote: Permission to o/r.git denied to {who}." in said
    assert "The requested URL returned error: 403" in said
    assert world.pushes == []


def test_fork_takes_pushes_of_its_owner(world: World, tmp_path: Path) -> None:
    forker = clone(world, tmp_path, "forker")
    sha = forker.commit()

    assert forker.push("main:sign/a", to="forker/r") == ""

    assert world.pushes == [("forker/r", "forker", "sign/a", ZERO, sha)]


def test_push_without_a_token_is_asked_for_one(world: World, tmp_path: Path) -> None:
    nobody = clone(world, tmp_path, None)
    nobody.commit()

    assert "could not read Username" in nobody.push("main")
    assert world.pushes == []


def test_unknown_and_expired_tokens_are_refused(world: World, tmp_path: Path) -> None:
    world.hub.tokens[world.secrets["writer"]].expires = NOW

    for login in ("writer", "unknown"):
        other = clone(world, tmp_path, login)
        other.commit()
        assert "Authentication failed" in other.push("main")


def test_private_repository_is_not_there_for_others(
    world: World, writer: Clone, tmp_path: Path
) -> None:
    sha = start(writer)
    world.base.private = True
    stranger = clone(world, tmp_path, "stranger")

    assert writer.fetch("main") == sha
    assert "not found" in stranger.run("fetch", f"{stranger.remote}/o/r").stderr
    assert "could not read Username" in stranger.run("fetch", f"{world.hub.url}/o/r").stderr


def test_credentials_come_as_actions_checkout_sends_them(world: World, tmp_path: Path) -> None:
    ci = clone(world, tmp_path, None)
    sha = ci.commit()
    basic = b64encode(f"x-access-token:{world.secrets['ci']}".encode()).decode()
    ci.git("config", f"http.{world.hub.url}/.extraheader", f"AUTHORIZATION: basic {basic}")

    assert ci.push("main") == ""

    assert branch_sha(world.base.git_dir, "main") == sha
    assert world.pushes == []  # its pushes start no workflow


def test_token_may_come_as_bearer(world: World, tmp_path: Path) -> None:
    ci = clone(world, tmp_path, None)
    ci.commit()
    ci.git("config", "http.extraheader", f"Authorization: Bearer {world.secrets['ci']}")

    assert ci.push("main") == ""


def test_head_of_a_pull_request_from_a_fork_can_be_fetched(
    world: World, writer: Clone, tmp_path: Path
) -> None:
    start(writer)
    forker = clone(world, tmp_path, "forker")
    first = forker.commit(content="first")
    forker.push("main:sign/a", to="forker/r")
    pull_request(world, "forker/r", "sign/a")

    assert writer.fetch("refs/pull/1/head") == first

    second = forker.commit(content="second")
    forker.push("main:sign/a", to="forker/r")
    assert writer.fetch("refs/pull/1/head") == second


def test_head_of_a_pull_request_stays_when_its_branch_goes(world: World, writer: Clone) -> None:
    start(writer)
    sha = writer.commit(content="change")
    writer.push("main:sign/a")
    issue = pull_request(world, "o/r", "sign/a")

    assert writer.push(":sign/a") == ""

    assert issue.state == "closed"
    assert writer.fetch("refs/pull/1/head") == sha


def test_refs_of_pull_requests_cannot_be_pushed(world: World, writer: Clone) -> None:
    sha = start(writer)
    writer.push("main:sign/a")
    pull_request(world, "o/r", "sign/a")
    writer.commit(content="forged")

    assert "deny updating a hidden ref" in writer.push("+main:refs/pull/1/head")
    assert refs(world.base.git_dir, "refs/pull/") == {"refs/pull/1/head": sha}


def test_any_commit_can_be_fetched_by_its_name(world: World, writer: Clone, tmp_path: Path) -> None:
    first = start(writer)
    writer.commit(content="second")
    writer.push("main")

    assert clone(world, tmp_path, None).fetch(first) == first


def test_shallow_clone_can_push(world: World, writer: Clone, tmp_path: Path) -> None:
    start(writer)
    writer.commit(content="second")
    writer.push("main")
    ci = clone(world, tmp_path, "ci")
    ci.git("fetch", "--quiet", "--depth=1", f"{ci.remote}/o/r", "main")
    ci.git("reset", "--quiet", "--hard", "FETCH_HEAD")
    sha = ci.commit(content="third")

    assert ci.push("main") == ""

    assert branch_sha(world.base.git_dir, "main") == sha


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


@pytest.mark.parametrize("kind", [Kind.BREAK_BEFORE, Kind.BREAK_AFTER, 500])
def test_push_can_fail_before_and_after_it_took_effect(
    world: World, writer: Clone, kind: Kind | int
) -> None:
    sha = writer.commit()
    # curl asks again where a connection that it had used before is closed without an answer.
    times = 9 if kind is Kind.BREAK_BEFORE else 1
    fault = Fault(method="POST", path="/git-receive-pack$", kind=kind, times=times)
    world.hub.faults.add(fault)

    assert writer.push("main") != ""

    pushed = kind is Kind.BREAK_AFTER
    assert branch_sha(world.base.git_dir, "main") == (sha if pushed else None)
    assert len(world.pushes) == pushed
    fault.times = 0
    assert writer.push("main") == ""


def test_of_two_pushes_at_once_one_moves_the_branch(
    world: World, writer: Clone, tmp_path: Path
) -> None:
    start(writer)
    admin = clone(world, tmp_path, "admin")
    admin.git("reset", "--quiet", "--hard", admin.fetch("main"))
    shas = {one.commit(content=one.folder.name) for one in (writer, admin)}

    with ThreadPoolExecutor() as pool:
        said = list(pool.map(lambda one: one.push("main"), (writer, admin)))

    assert sorted(map(bool, said)) == [False, True]
    assert len(world.pushes) == 2
    assert branch_sha(world.base.git_dir, "main") in shas


def test_other_paths_are_not_found(world: World) -> None:
    for path in ("/o/r/objects/info/packs", "/o/r.git/HEAD", "/o/missing/info/refs"):
        answer = urllib3.request("GET", world.hub.url + path)
        assert answer.status in {401, 404}, path
        assert b"ref: " not in answer.data


def pull_request(world: World, source: str, branch: str) -> Issue:
    """Open a pull request into main of o/r."""
    hub = world.hub
    return opened(
        hub,
        hub.repositories["o/r"],
        hub.repositories[source],
        head=branch,
        base="main",
        actor=Actor("forker", "personal"),
        text=("title", None),
        draft=False,
    )


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
