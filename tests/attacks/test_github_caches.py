"""What an earlier run may have left: caches of workflows, and a clone that somebody prepared."""

import hashlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML
from tests.attacks.github import (
    EVENT,
    World,
    changed_artifact,
    git,
    tuf_on_github,
    unsigned_change,
)
from tests.workflows.linting import ROOT, example

from tufline.repository.history import ShallowClone
from tufline.repository.init import render
from tufline.repository.jobs.signing_event import Outcome, signing_event

# It keeps a cache unless it is told not to.
_CACHING: Final = "actions/setup-go@"


def caches(tree: Any) -> Iterator[str]:  # noqa: ANN401 - any YAML
    """Yield each use of a cache in a workflow or action."""
    if isinstance(tree, list):
        for each in tree:
            yield from caches(each)
    elif isinstance(tree, dict):
        yield from _of_step(tree)
        for each in tree.values():
            yield from caches(each)


def _of_step(step: dict[str, Any]) -> Iterator[str]:
    uses, given, script = step.get("uses"), step.get("with"), step.get("run")
    inputs = given if isinstance(given, dict) else {}
    kept = {name: value for name, value in inputs.items() if "cache" in str(name).casefold()}
    if isinstance(uses, str):
        if "cache" in uses.casefold():
            yield uses
        if uses.startswith(_CACHING) and kept.get("cache") is not False:
            yield f"{uses} caches unless it is told not to"
    yield from (f"{name}: {value}" for name, value in kept.items() if value is not False)
    if isinstance(script, str) and "pip install" in script and "--no-cache-dir" not in script:
        yield "pip install with its cache"


def parsed(text: str) -> Any:  # noqa: ANN401 - any YAML
    return YAML(typ="safe").load(text)


def test_no_action_and_no_workflow_of_ours_uses_a_cache() -> None:
    files = [*ROOT.glob("actions/*/action.yml"), *ROOT.glob(".github/workflows/*.yml")]

    assert len(files) >= 8
    assert [use for path in files for use in caches(parsed(path.read_text()))] == []


def test_no_workflow_that_init_writes_uses_a_cache() -> None:
    written = {path: data for path, data in render(example()).items() if "/workflows/" in path}

    assert len(written) == 5
    assert [use for data in written.values() for use in caches(parsed(data.decode()))] == []


def test_installation_uses_no_cache() -> None:
    lines = (ROOT / "actions" / "install").read_text().splitlines()
    installs = [line for line in lines if "pip install" in line]

    assert installs
    assert all("--no-cache-dir" in line for line in installs)


@pytest.mark.parametrize(
    "step",
    [
        "uses: actions/cache@v4",
        "uses: actions/cache/restore@v4",
        "uses: actions/setup-go@v5",
        "uses: actions/setup-python@v5\nwith: {cache: pip}",
        "uses: astral-sh/setup-uv@v6\nwith: {enable-cache: true}",
        "run: pip install x",
    ],
)
def test_check_itself_sees_a_cache(step: str) -> None:
    assert list(caches([parsed(step)]))


# a clone that was there before


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An event that is ready, and that nobody but a maintainer may merge."""
    with tuf_on_github(tmp_path) as world:
        world.push("main", {})
        world.push(EVENT, changed_artifact(world.main).files)
        yield world


def clone_of(world: World) -> Path:
    """Return a clone that has all there is."""
    clone = world.clone()
    git(clone, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
    return clone


def look(world: World, clone: Path) -> Outcome:
    with world.place(clone=clone) as place:
        return signing_event(place, EVENT)


def forged_main(clone: Path) -> str:
    """Return a commit that is like main, but has events merged at their threshold."""
    settings = b"[merge]\nat-threshold = true\n"
    blob = git(clone, "hash-object", "-w", "--stdin", data=settings)
    git(clone, "read-tree", "refs/remotes/origin/main")
    git(clone, "update-index", "--add", "--cacheinfo", f"100644,{blob},tufline.toml")
    people = ("-c", "user.name=x", "-c", "user.email=x")
    parent = git(clone, "rev-parse", "refs/remotes/origin/main")
    tree = git(clone, "write-tree")
    return git(clone, *people, "commit-tree", tree, "-p", parent, "-m", "forged")


def forged_branches(clone: Path) -> None:
    for ref in ("refs/remotes/origin/main", "refs/heads/main", "refs/tags/main", "refs/main"):
        git(clone, "update-ref", ref, forged_main(clone))


def replaced_commit(clone: Path) -> None:
    main = git(clone, "rev-parse", "refs/remotes/origin/main")
    git(clone, "update-ref", f"refs/replace/{main}", forged_main(clone))


def replaced_settings(clone: Path) -> None:
    forged = git(clone, "rev-parse", f"{forged_main(clone)}:tufline.toml")
    blob = git(clone, "rev-parse", "refs/remotes/origin/main:tufline.toml")
    git(clone, "update-ref", f"refs/replace/{blob}", forged)


def grafted_main(clone: Path) -> None:
    main, head = _heads(clone)
    (clone / ".git" / "info").mkdir(exist_ok=True)
    (clone / ".git" / "info" / "grafts").write_text(f"{main} {head}\n")


def forged_commit_graph(clone: Path) -> None:
    """Say that main's parent descends from the event. Git reads what it is asked for itself."""
    main, head = _heads(clone)
    parent = git(clone, "rev-parse", f"{main}^")
    settings = ("-c", "commitGraph.generationVersion=1")
    git(clone, *settings, "commit-graph", "write", "--reachable")
    file = clone / ".git" / "objects" / "info" / "commit-graph"
    data = bytearray(file.read_bytes())
    chunks = _chunks(bytes(data))
    count = struct.unpack_from(">I", data, chunks[b"OIDF"] + 255 * 4)[0]
    names = [data[chunks[b"OIDL"] + 20 * i :][:20].hex() for i in range(count)]
    at = chunks[b"CDAT"] + 36 * names.index(parent) + 20
    struct.pack_into(">III", data, at, names.index(head), 0x70000000, 100 << 2)
    data[-20:] = hashlib.sha1(data[:-20]).digest()  # noqa: S324 - git's own
    file.chmod(0o644)
    file.write_bytes(data)
    git(clone, "merge-base", "--is-ancestor", head, main)


def _chunks(data: bytes) -> dict[bytes, int]:
    """Return where each chunk is; https://git-scm.com/docs/gitformat-commit-graph."""
    table = (struct.unpack_from(">4sQ", data, 8 + 12 * i) for i in range(data[6]))
    return dict(table)


def _heads(clone: Path) -> tuple[str, str]:
    names = ("refs/remotes/origin/main", f"refs/remotes/origin/{EVENT}")
    main, head = (git(clone, "rev-parse", name) for name in names)
    return main, head


@pytest.mark.parametrize(
    "poison",
    [
        forged_branches,
        replaced_commit,
        replaced_settings,
        grafted_main,
        forged_commit_graph,
    ],
)
def test_attack_clone_that_was_prepared_changes_no_verdict(
    world: World, poison: Callable[[Path], None]
) -> None:
    clone, main, head = clone_of(world), world.head("main"), world.head(EVENT)
    poison(clone)

    outcome = look(world, clone)

    assert outcome.status
    assert (outcome.status.verdict, outcome.merged) == ("ready", False)
    assert (outcome.status.main, outcome.status.head) == (main, head)
    assert (world.head("main"), world.head(EVENT)) == (main, head)


def test_attack_old_clone_shows_no_old_verdict(world: World) -> None:
    clone = clone_of(world)
    world.push(EVENT, unsigned_change(world.main).files)

    outcome = look(world, clone)

    assert outcome.status
    assert outcome.status.verdict == "waiting"


def test_attack_clone_whose_history_was_cut_off_is_refused(world: World) -> None:
    clone = clone_of(world)
    main, _ = _heads(clone)
    (clone / ".git" / "shallow").write_text(f"{main}\n")

    with pytest.raises(ShallowClone):
        look(world, clone)
