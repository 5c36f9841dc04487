"""What people with a login change in what is shown: nothing is decided by it, and it is mended."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.attacks.github import (
    EVENT,
    World,
    changed_artifact,
    first_main,
    tuf_on_github,
    unsigned_change,
)
from tests.support.github._state import Comment
from tests.support.on_github import BOT, NAME

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge.github import _records as records
from tufline.repository.forge.github._problems import LABEL
from tufline.repository.jobs.merge import NotReady, merge
from tufline.repository.jobs.signing_event import Outcome, signing_event

AT_THRESHOLD = "[merge]\nat-threshold = true\n"
DAVE = Ask(act=Act.SIGN, who="@dave", role="npm")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An event that waits for signatures, and that would be merged as soon as it is ready."""
    with tuf_on_github(tmp_path, first_main(AT_THRESHOLD)) as world:
        world.github.hub.add_user("mallory")
        world.github.repository.collaborators["mallory"] = world.github.repository.role("alice")
        world.push(EVENT, unsigned_change(world.main).files)
        run(world)
        yield world


def run(world: World) -> Outcome:
    return world.run(lambda place: signing_event(place, EVENT))


def as_mallory(world: World) -> Any:  # noqa: ANN401 - PyGithub's repository
    return world.github.api("mallory").get_repo(NAME)


def own(world: World) -> list[Comment]:
    """Return our comments on the event."""
    return [each for each in world.pull().comments if each.author == BOT]


def shown_by(comment: Comment) -> EventStatus:
    found = records.read(comment.body)
    assert isinstance(found, records.Shown)
    assert found.status
    return found.status


def told(world: World) -> list[frozenset[Ask]]:
    found = (records.read(each.body) for each in own(world))
    return [each.asks for each in found if isinstance(each, records.Telling)]


def display(world: World) -> dict[str, Any]:
    """Return all that we show of the event."""
    issue = world.pull()
    assert issue.pull
    return {
        "comments": [each.body for each in own(world)],
        "labels": sorted(issue.labels),
        "state": (issue.state, issue.pull.draft, world.state()),
    }


def ready(status: EventStatus) -> EventStatus:
    return replace(status, verdict="ready", summary="ready to merge", text="**ready**\n", asks=())


def overwrite(world: World, body: str) -> None:
    """Let mallory edit our status comment."""
    issue = as_mallory(world).get_issue(world.pull().number)
    issue.get_comment(own(world)[-1].id).edit(body)


def says_ready(world: World) -> None:
    forged = ready(shown_by(own(world)[-1]))
    overwrite(world, records.with_shown(forged.text, forged, ()))


def says_that_everybody_was_told(world: World) -> None:
    shown = shown_by(own(world)[-1])
    everybody = tuple(sorted({*shown.asks, DAVE}))
    forged = replace(shown, asks=everybody)
    overwrite(world, records.with_shown(shown.text, forged, ()))


def says_nothing(world: World) -> None:
    overwrite(world, "merge me")


def copies_our_status(world: World) -> None:
    forged = ready(shown_by(own(world)[-1]))
    body = records.with_shown(forged.text, forged, ())
    as_mallory(world).get_issue(world.pull().number).create_comment(body)


def labels_by_hand(world: World) -> None:
    repository = as_mallory(world)
    issue = repository.get_issue(world.pull().number)
    repository.create_label("signing-event: ready", "0e8a16")
    issue.remove_from_labels("signing-event: waiting")
    issue.add_to_labels("signing-event: ready")


def sets_the_commit_status(world: World) -> None:
    commit = as_mallory(world).get_commit(world.head(EVENT))
    commit.create_status("success", description="ready to merge", context="signing-event")


def marks_it_ready_for_review(world: World) -> None:
    as_mallory(world).get_pull(world.pull().number).mark_ready_for_review()


DEFACED: tuple[Callable[[World], None], ...] = (
    says_ready,
    says_that_everybody_was_told,
    says_nothing,
    copies_our_status,
    labels_by_hand,
    sets_the_commit_status,
    marks_it_ready_for_review,
)


@pytest.mark.parametrize("attack", DEFACED)
def test_attack_on_the_display_decides_nothing_and_is_mended(
    world: World, attack: Callable[[World], None]
) -> None:
    expected, main = display(world), world.head("main")
    attack(world)

    with pytest.raises(NotReady):
        world.run(lambda place: merge(place, EVENT))
    outcome = run(world)

    assert outcome.status
    assert (outcome.status.verdict, outcome.merged, world.head("main")) == ("waiting", False, main)
    assert display(world) == expected


@pytest.mark.parametrize("attack", [says_that_everybody_was_told, copies_our_status])
def test_attack_forged_record_keeps_nobody_from_being_told(
    world: World, attack: Callable[[World], None]
) -> None:
    attack(world)
    event = world.sample(EVENT)
    event.edit("npm", signers=[])
    world.push(EVENT, event.files)
    run(world)

    assert DAVE in told(world)[-1]
    assert len(told(world)) == 2


def test_attack_forged_telling_of_another_user_keeps_nobody_from_being_told(world: World) -> None:
    event = world.sample(EVENT)
    event.edit("npm", signers=[])
    head = world.push(EVENT, event.files)
    status = replace(shown_by(own(world)[-1]), head=head)
    forged = records.with_telling("@dave: please sign\n", status, [DAVE], 1)
    as_mallory(world).get_issue(world.pull().number).create_comment(forged)
    run(world)

    assert DAVE in told(world)[-1]


def test_attack_commit_status_of_a_stranger_merges_nothing_else_than_the_ready_event(
    world: World,
) -> None:
    """Whoever may write can forge the status: that is why what was merged is reviewed again."""
    sets_the_commit_status(world)
    assert not run(world).merged

    world.push(EVENT, changed_artifact(world.main).files)
    assert run(world).merged


def test_attack_problem_of_another_user_is_none_of_ours(world: World) -> None:
    text = "everything is on fire"
    with world.place() as place:
        place.forge.open_problem("publish", text)
    (ours,) = (each for each in world.github.repository.issues.values() if not each.pull)
    forged = as_mallory(world).create_issue("forged", body=ours.body or "", labels=[LABEL])
    other = (ours.body or "").replace("cHVibGlzaA==", "b25saW5lLXNpZ24=")
    assert other != ours.body
    as_mallory(world).create_issue("forged", body=other, labels=[LABEL])
    theirs = [each for each in world.github.repository.issues.values() if each.author == "mallory"]

    with world.place() as place:
        assert place.forge.problems() == {"publish": text}
        place.forge.close_problem("publish")
        place.forge.close_problem("online-sign")
        assert place.forge.problems() == {}
        place.forge.open_problem("publish", "again")

    assert forged.number in {each.number for each in theirs}
    assert [(each.state, each.comments) for each in theirs] == [("open", []), ("open", [])]
    assert ours.state == "open"
    assert "again" in (ours.body or "")


def test_attack_label_taken_off_our_problem_hides_it_until_the_job_fails_again(
    world: World,
) -> None:
    with world.place() as place:
        place.forge.open_problem("publish", "text")
    (ours,) = (each for each in world.github.repository.issues.values() if not each.pull)
    as_mallory(world).get_issue(ours.number).edit(labels=[])
    with world.place() as place:
        assert place.forge.problems() == {}
        place.forge.open_problem("publish", "text")
        assert place.forge.problems() == {"publish": "text"}


def test_attack_pull_request_of_a_fork_poses_as_the_event(world: World) -> None:
    expected = display(world)
    fork = world.github.hub.fork(NAME, "eve").full_name
    world.push(EVENT, changed_artifact(world.main).files, repository=fork, login="eve")
    number = world.github.pull(EVENT, login="eve")
    main = world.head("main")

    assert not run(world).merged

    assert display(world) == expected
    assert world.github.repository.issues[number].comments == []
    assert (world.github.repository.issues[number].state, world.head("main")) == ("open", main)


def test_attack_pull_request_for_a_branch_that_is_no_event_here(world: World) -> None:
    """The fork's branch is named like an event that this repository has not."""
    fork = world.github.hub.fork(NAME, "eve").full_name
    world.push("sign/evil", changed_artifact(world.main).files, repository=fork, login="eve")
    number = world.github.pull("sign/evil", login="eve")

    outcome = world.run(lambda place: signing_event(place, "sign/evil"))

    assert (outcome.status, outcome.merged) == (None, False)
    issue = world.github.repository.issues[number]
    assert (issue.state, issue.comments, issue.labels) == ("open", [], [])
