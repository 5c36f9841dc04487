"""Events that bring along what decides about events: workflows, actions, settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.attacks.github import EVENT, World, changed_artifact, first_main, tuf_on_github
from tests.jobs.arranging import add_online_role
from tests.support.sample import Sample

from tufline.repository.forge import EventStatus
from tufline.repository.jobs.merge import NotReady, merge
from tufline.repository.jobs.signing_event import Outcome, signing_event

AT_THRESHOLD: Final = "[merge]\nat-threshold = true\n"
FILES: Final = {
    ".github/workflows/publish.yml": b"on: push\n",
    ".github/workflows/new.yml": b"on: push\n",
    ".github/actions/check/action.yml": b"runs:\n  using: composite\n",
    ".github/CODEOWNERS": b"* @mallory\n",
    "tufline.toml": b"[merge]\nat-threshold = true\nmaintainers = []\n",
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with tuf_on_github(tmp_path, first_main(AT_THRESHOLD)) as world:
        yield world


def run(world: World) -> Outcome:
    return world.run(lambda place: signing_event(place, EVENT))


def status(world: World) -> EventStatus:
    found = run(world).status
    assert found is not None
    return found


def rules(world: World) -> set[str]:
    """Return the rules that refuse the event."""
    review = run(world).review
    assert review is not None
    return {each.rule for each in review.errors}


def assert_refused(world: World, path: str) -> None:
    """Check what people see, that nobody merges it, and that nothing else is started."""
    main, head = world.head("main"), world.head(EVENT)
    found = status(world)

    issue = world.pull()
    assert (found.verdict, world.state(), issue.state) == ("refused", "failure", "open")
    assert issue.labels == ["signing-event: refused"]
    assert issue.pull
    assert issue.pull.draft
    assert path in issue.comments[-1].body
    with pytest.raises(NotReady):
        world.run(lambda place: merge(place, EVENT))
    assert (world.head("main"), world.head(EVENT)) == (main, head)
    assert world.dispatched() == set()


def test_event_that_all_signed_is_merged_at_threshold_where_main_says_so(world: World) -> None:
    world.push(EVENT, changed_artifact(world.main).files)

    assert run(world).merged
    assert world.files("main")["targets/file.txt"] == b"two\n"


@pytest.mark.parametrize("path", FILES)
def test_attack_changes_what_runs_or_decides_in_an_event_that_all_signed(
    world: World, path: str
) -> None:
    event = changed_artifact(world.main)
    world.push(EVENT, {**event.files, path: FILES[path]})

    assert_refused(world, path)


@pytest.mark.parametrize("path", [".github/workflows/signing-event.yml", "tufline.toml"])
def test_attack_deletes_what_decides(world: World, path: str) -> None:
    event = changed_artifact(world.main)
    world.push(EVENT, {**event.files, path: None})

    assert_refused(world, path)


def test_attack_event_says_itself_that_it_may_be_merged_at_threshold(tmp_path: Path) -> None:
    with tuf_on_github(tmp_path, first_main()) as world:
        event = changed_artifact(world.main)
        world.push(EVENT, {**event.files, "tufline.toml": AT_THRESHOLD.encode()})
        assert_refused(world, "tufline.toml")

        world.push(EVENT, {"tufline.toml": b""})  # sound again, and for a person to merge
        outcome = run(world)
        assert (outcome.merged, world.state()) == (False, "success")


def _with_online_key(main: Sample) -> Sample:
    event = main.copy()
    add_online_role(event)
    return event


def test_attack_event_allows_an_online_key_for_itself(tmp_path: Path) -> None:
    strict = '[review]\nonline-keys = ["gcpkms:projects/ours/"]\n'
    with tuf_on_github(tmp_path, first_main(strict)) as world:
        event = _with_online_key(world.main)
        world.push(EVENT, event.files)
        expected = rules(world)
        assert "online-uri" in expected

        loose = b'[review]\nonline-keys = ["file2:"]\n'
        world.push(EVENT, {"tufline.toml": loose})
        assert rules(world) > expected
        assert_refused(world, "tufline.toml")


def test_attack_restores_the_file_after_a_commit_that_had_changed_it(world: World) -> None:
    """The tree that merging gives is what counts, and it is judged as the head has it."""
    event = changed_artifact(world.main)
    path = ".github/workflows/publish.yml"
    world.push(EVENT, {path: b"on: push\n"})
    assert_refused(world, path)

    world.push(EVENT, {**event.files})
    assert run(world).merged
    assert world.files("main")[path] == world.main.files[path]
