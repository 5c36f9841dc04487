"""Jobs on the emulated GitHub, each with something to do; what is seen of it; how it is disturbed.

A scenario is what a job finds, and the job:

    SCENARIOS["merged at threshold"].prepare(world)
    SCENARIOS["merged at threshold"].job(world)
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from tests.attacks.github import EVENT, World, changed_artifact, first_main, unsigned_change
from tests.jobs.arranging import DUE, add_online_role
from tests.support.github import Fault, Kind
from tests.support.github._objects import refs
from tests.support.github._state import Issue
from tests.support.on_github import NAME
from tests.support.sample import Sample

from tufline.repository.forge.github import GitHubWorkflows
from tufline.repository.history import NoSuchRef
from tufline.repository.jobs.create_signing_events import create_signing_events
from tufline.repository.jobs.hand_over import hand_over
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.record import record
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.jobs.signing_events import signing_events
from tufline.repository.jobs.watch import watch

_ALWAYS: Final = 10**6
Step = Callable[[World], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """What a job finds, and how it is run."""

    main: Sample
    prepare: Step
    job: Step


class Disturbance(StrEnum):
    """What happens at a request. Whoever is killed sends no more of them."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    BROKEN_AFTER = "connection broken after"


SCENARIOS: dict[str, Scenario] = {}


def scenario(job: Step, settings: str = "", main: Sample | None = None) -> Callable[[Step], Step]:
    """Register what a job finds, named after the function that makes it."""

    def register(prepare: Step) -> Step:
        found = main or first_main(settings)
        SCENARIOS[prepare.__name__] = Scenario(main=found, prepare=prepare, job=job)
        return prepare

    return register


def disturb(world: World, disturbance: Disturbance, nth: int) -> None:
    """Let the nth request from now on be disturbed."""
    plan = world.github.hub.faults
    match disturbance:
        case Disturbance.KILLED_BEFORE:
            plan.add(Fault(kind=Kind.BREAK_BEFORE, nth=nth, times=_ALWAYS))
        case Disturbance.KILLED_AFTER:
            plan.add(Fault(kind=Kind.BREAK_AFTER, nth=nth))
            plan.add(Fault(kind=Kind.BREAK_BEFORE, nth=nth + 1, times=_ALWAYS))
        case Disturbance.BROKEN_AFTER:
            plan.add(Fault(kind=Kind.BREAK_AFTER, nth=nth))


def seen(world: World) -> dict[str, Any]:
    """Return all of GitHub that a job could have changed; ids and times apart.

    A status that was set twice counts once, and so does a job that was asked for twice.
    """
    it = world.github.repository
    return {
        "refs": refs(it.git_dir, "refs/"),
        "issues": {number: _issue(each) for number, each in it.issues.items()},
        "labels": {label.name: (label.color, label.description) for label in it.labels.values()},
        "statuses": {
            (each.sha, each.context): (each.state, each.description, each.target_url, each.creator)
            for each in it.statuses
        },
        "dispatched": world.dispatched(),
    }


def _issue(issue: Issue) -> dict[str, Any]:
    tree = asdict(issue)
    comments = [(each.author, each.body, each.editor) for each in issue.comments]
    return {**tree, "labels": sorted(issue.labels), "comments": comments} | {
        "id": 0,
        "updated": None,
        "pull": {**tree["pull"], "id": 0} if issue.pull else None,
    }


def run_event(world: World) -> object:
    return world.run(lambda place: signing_event(place, EVENT))


def run_events(world: World) -> object:
    return world.run(lambda place: tuple(signing_events(place)))


def run_renewals(world: World) -> object:
    return world.run(create_signing_events)


def run_record(world: World) -> object:
    return world.run(record)


def run_merge(world: World) -> object:
    with suppress(NoSuchRef):  # it was merged by the run before
        return world.run(lambda place: merge(place, EVENT))
    return None


def run_hand_over(world: World) -> object:
    return world.run(lambda place: hand_over(place.forge, EVENT))


def run_watch(world: World) -> object:
    session = world.session()
    workflows = GitHubWorkflows(session)
    return world.run(lambda place: watch(place, (), workflows, ahead=timedelta()), session=session)


@scenario(run_hand_over)
def event_was_pushed(world: World) -> None:
    event = world.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    event.files["targets/npm/new.json"] = b"new\n"
    world.push(EVENT, event.files)


SCENARIOS["event_is_new"] = Scenario(main=first_main(), prepare=event_was_pushed, job=run_event)


@scenario(run_event)
def event_waits_for_more_people(world: World) -> None:
    event = unsigned_change(world.main)
    world.push(EVENT, event.files)
    run_event(world)
    event.edit("npm", signers=[])
    world.push(EVENT, event.files)


@scenario(run_event)
def signature_was_voided(world: World) -> None:
    event = unsigned_change(world.main)
    event.sign("targets", event.load("targets"), ["@alice"])
    world.push(EVENT, event.files)
    run_event(world)
    world.push(EVENT, {"targets/file.txt": b"three\n"})


@scenario(run_event)
def event_is_ready(world: World) -> None:
    event = unsigned_change(world.main)
    world.push(EVENT, event.files)
    run_event(world)
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    world.push(EVENT, event.files)


@scenario(run_merge)
def event_is_merged_by_a_maintainer(world: World) -> None:
    event_is_ready(world)
    run_event(world)


@scenario(run_event, settings="[merge]\nat-threshold = true\n")
def event_is_merged_at_threshold(world: World) -> None:
    other = world.main.copy()
    other.edit("npm", signers=[])
    world.push("sign/other", other.files)
    run_events(world)
    world.push(EVENT, changed_artifact(world.main).files)


@scenario(run_event)
def event_is_refused(world: World) -> None:
    event = unsigned_change(world.main)
    world.push(EVENT, event.files)
    run_event(world)
    world.push(EVENT, {".github/workflows/publish.yml": b"on: push\n"})


@scenario(run_event)
def event_is_stale(world: World) -> None:
    world.push(EVENT, unsigned_change(world.main).files)
    run_event(world)
    world.merge_by_force(changed_artifact(world.main, b"other\n"))


@scenario(run_event)
def forks_offer_a_signature_and_something_else(world: World) -> None:
    event = unsigned_change(world.main)
    world.push(EVENT, event.files)
    run_event(world)
    world.offer("eve", {"targets/file.txt": b"evil\n"})
    event.sign("targets", event.load("targets"), ["@carol"])
    world.offer("carol", event.files)


def _with_online_role() -> Sample:
    main = first_main()
    add_online_role(main)
    return main


@scenario(run_event, main=_with_online_role())
def event_waits_for_an_online_key(world: World) -> None:
    event = world.main.copy()
    event.edit("nightly", signers=[])
    world.push(EVENT, event.files)


def _without_periods() -> Sample:
    main = first_main()
    main.edit("npm", lambda npm: npm.unrecognized_fields.clear())
    return main


@scenario(run_events, main=_without_periods())
def events_of_all_kinds_are_open(world: World) -> None:
    """One was merged by a person; one is new, one held by it, and one fails."""
    world.push(EVENT, changed_artifact(world.main).files)
    run_event(world)
    world.github.api("octo").get_repo(NAME).get_pull(world.pull().number).merge()
    event = changed_artifact(world.sample("main"), b"three\n")
    event.sign("targets", event.load("targets"), [])
    for name in ("sign/a", "sign/b"):
        world.push(name, event.files, message=name)
    world.push("sign/broken", {"targets/npm/keys.json": b"its metadata cannot follow\n"})


@scenario(run_renewals)
def roles_are_due(world: World) -> None:
    world.now += DUE


@scenario(run_record)
def event_was_merged(world: World) -> None:
    event_is_merged_by_a_maintainer(world)
    run_merge(world)


@scenario(run_watch)
def workflow_fails(world: World) -> None:
    world.github.hub.add_run(NAME, "online-sign.yml", event="schedule", conclusion="failure")


@scenario(run_watch)
def workflow_that_never_ran_fails(world: World) -> None:
    world.push("publish", {})
    run_watch(world)
    workflow_fails(world)


@scenario(run_watch)
def workflow_works_again(world: World) -> None:
    workflow_fails(world)
    run_watch(world)
    world.github.hub.add_run(NAME, "online-sign.yml", event="schedule", conclusion="success")


@scenario(run_watch)
def workflow_fails_once_more(world: World) -> None:
    workflow_works_again(world)
    run_watch(world)
    workflow_fails(world)
