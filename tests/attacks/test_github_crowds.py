"""Hundreds of events at once: what clients need comes first, honest events are served, and what is
asked of GitHub stays within bounds. All of them are older than the honest one and change its role.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from tests.attacks.github import EVENT, World, git, tuf_on_github
from tests.jobs.arranging import DUE
from tests.support.github._state import Issue, Pull
from tests.support.memory_keys import MemoryKeys
from tests.support.on_github import NAME
from tests.support.pipeline import root_digest

from tufline.online_sign.tick import online_signing
from tufline.repository.forge import Act, Ask
from tufline.repository.jobs.create_signing_events import create_signing_events
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.jobs.signing_events import signing_events
from tufline.repository.jobs.tick import tick

pytestmark = pytest.mark.no_cover  # the same code over very many cases

MANY: Final = 300
# Each is looked at in whole, by a job that looks at all: hundreds would take minutes.
SOME: Final = 30
_PER_PAGE: Final = 50


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with tuf_on_github(tmp_path) as world:
        yield world


def crowd(world: World, count: int) -> list[str]:
    """Push so many events, each refused, each with another version of "npm", all made in 1970."""
    event = world.main.copy()
    event.edit("npm", signers=[])
    npm = event.files["metadata/npm.json"]
    names = [f"sign/crowd-{number:04}" for number in range(count)]
    stream = b"blob\nmark :1\ndata %d\n%s\n" % (len(npm), npm)
    for name in names:
        stream += (
            f"commit refs/heads/{name}\ncommitter E <e@example.org> 0 +0000\ndata 1\nm\n"
            f"from refs/heads/main\nM 100644 :1 metadata/npm.json\n"
            f"M 100644 inline unclaimed/{name}\ndata 0\n\n"
        ).encode()
    git(world.github.repository.git_dir, "fast-import", "--quiet", data=stream)
    return names


def with_pulls(world: World, names: list[str]) -> None:
    """Let each have an open pull request, by somebody who talks a lot."""
    hub, it = world.github.hub, world.github.repository
    main = world.head("main") or ""
    for number, name in enumerate(names, 1):
        pull = Pull(
            id=hub.next_id(),
            head_repository=NAME,
            head=name,
            head_sha=main,
            base="main",
            base_sha=main,
        )
        it.issues[number] = Issue(
            id=hub.next_id(),
            number=number,
            author="mallory",
            title=name,
            body="",
            created=world.now,
            updated=world.now,
            pull=pull,
        )
    hub.add_user("mallory")


def honest(world: World) -> None:
    event = world.main.copy()
    event.edit("npm", signers=[])
    world.push(EVENT, event.files)


def asked_since(world: World, before: int) -> list[str]:
    """Return what GitHub was asked for, but for git."""
    paths = (each.path for each in world.github.hub.requests[before:])
    return [path for path in paths if ".git/" not in path]


def test_attack_hundreds_of_events_do_not_stop_an_honest_one(world: World) -> None:
    with_pulls(world, crowd(world, MANY))
    honest(world)
    before = len(world.github.hub.requests)

    outcome = world.run(lambda place: signing_event(place, EVENT))

    assert outcome.status
    assert outcome.status.verdict == "waiting"
    assert outcome.status.asks == (Ask(act=Act.SIGN, who="@dave", role="npm"),)
    assert len(asked_since(world, before)) <= MANY / _PER_PAGE + 12


def test_attack_hundreds_of_events_do_not_make_a_timestamp_late(world: World) -> None:
    crowd(world, MANY)
    online = online_signing(root_digest(world.main), MemoryKeys())
    before = len(world.github.hub.requests)

    with world.place() as place:
        first = next(tick(place, online))

    assert (first.job, first.problem) == ("online-sign", None)
    assert "metadata/timestamp.json" in world.files("publish")
    assert len(asked_since(world, before)) <= 3


def test_attack_hundreds_of_events_hold_up_no_renewal(world: World) -> None:
    crowd(world, MANY)
    world.now += DUE
    before = len(world.github.hub.requests)

    renewals = world.run(create_signing_events)

    opened = {(each.role, each.event) for each in renewals.opened}
    assert opened == {(role, f"sign/{role}-v2") for role in ("root", "targets", "npm")}
    assert len(asked_since(world, before)) <= 6
    assert len(world.dispatched()) == 3


def test_attack_many_unchanged_events_cost_a_few_requests_each(world: World) -> None:
    names = crowd(world, SOME)
    honest(world)
    run_all(world)
    before = len(world.github.hub.requests)
    run_all(world)

    asked = asked_since(world, before)
    changes = [each for each in world.github.hub.requests[before:] if each.mutating]
    assert len(asked) <= 2 * (len(names) + 1) + 5
    assert [each.path for each in changes if not each.path.endswith("/dispatches")] == []


def test_attack_new_event_in_a_crowd_is_looked_at_first(world: World) -> None:
    crowd(world, SOME)
    run_all(world)
    world.now += timedelta(hours=1)
    honest(world)

    with world.place() as place:
        first = next(signing_events(place))

    assert (first.job, first.said) == (f"signing-event {EVENT}", "waiting")


def run_all(world: World) -> None:
    steps = world.run(lambda place: tuple(signing_events(place)))
    assert [step.problem for step in steps if step.problem] == []
