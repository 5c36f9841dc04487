"""Git over HTTP with the emulator: real git pushes, fetches, and shows what it was told."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3
from tests.github.cloning import NOW, Clone, World, clone, start
from tests.support.github import Fault, Kind
from tests.support.github._objects import branch_sha, refs
from tests.support.github._pulls import ZERO, Actor, opened
from tests.support.github._state import BOT, Issue


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
