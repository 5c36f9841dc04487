"""What starts workflows on the emulated GitHub, and what pushes do to pull requests."""

import pytest
from github import GithubException, UnknownObjectException
from tests.github.asking import Ask, open_pull, refusal
from tests.support.github import Hub, Repository

DISPATCHED = """
on:
  workflow_dispatch:
    inputs:
      event: {type: string}
"""
FILES = {
    ".github/workflows/signing-event.yml": DISPATCHED,
    ".github/workflows/publish.yml": "on: [push, workflow_dispatch]\n",
    ".github/workflows/schedule.yml": "on: {schedule: [{cron: '0 0 * * *'}]}\n",
}


@pytest.fixture(autouse=True)
def workflows(hub: Hub, tuf: Repository) -> None:
    hub.push(tuf.full_name, "main", dict(FILES), login="octo")
    hub.events.clear()


def happened(hub: Hub) -> list[tuple[str, str, str]]:
    return [(each.name, each.ref, each.payload.get("action", "")) for each in hub.events]


def test_push_triggers_a_run_of_its_branch(hub: Hub) -> None:
    sha = hub.push("octo/tuf", "sign/b", {"b": "b"}, login="alice", start="main")

    (event,) = hub.events
    assert (event.name, event.ref, event.sha, event.actor) == (
        "push",
        "refs/heads/sign/b",
        sha,
        "alice",
    )
    assert (event.payload["created"], event.payload["after"]) == (True, sha)
    assert event.payload["repository"]["full_name"] == "octo/tuf"


def test_pull_request_runs_main_when_opened_moved_and_reopened(hub: Hub, ask: Ask) -> None:
    pull = open_pull(ask())
    hub.push("octo/tuf", "sign/a", {"more": "x"}, login="alice")
    pull.edit(state="closed")
    pull.edit(state="open")

    main = "refs/heads/main"
    assert happened(hub) == [
        ("pull_request_target", main, "opened"),
        ("pull_request_target", main, "synchronize"),
        ("push", "refs/heads/sign/a", ""),
        ("pull_request_target", main, "reopened"),
    ]
    assert {event.sha for event in hub.events if event.ref == main} == {
        ask().get_branch("main").commit.sha
    }


def test_token_of_actions_triggers_nothing_but_what_it_dispatches(hub: Hub, ask: Ask) -> None:
    limits = dict.fromkeys(("contents", "pull_requests", "actions"), "write")
    bot = ask(kind="actions", repository="octo/tuf", permissions=limits)
    open_pull(bot).merge()
    bot.create_git_ref("refs/heads/sign/c", bot.get_branch("main").commit.sha)
    assert happened(hub) == []

    assert bot.get_workflow("signing-event.yml").create_dispatch("main", {"event": "sign/a"})
    bot.create_repository_dispatch("told", {"a": 1})

    main = "refs/heads/main"
    assert happened(hub) == [
        ("workflow_dispatch", main, ""),
        ("repository_dispatch", main, "told"),
    ]
    assert hub.events[0].payload["inputs"] == {"event": "sign/a"}


def test_token_of_an_app_triggers_as_a_person_does(hub: Hub, ask: Ask) -> None:
    limits = dict.fromkeys(("contents", "pull_requests"), "write")
    open_pull(ask("app[bot]", kind="app", repository="octo/tuf", permissions=limits))

    assert happened(hub) == [("pull_request_target", "refs/heads/main", "opened")]


def test_merge_is_a_push_to_the_base(hub: Hub, ask: Ask) -> None:
    pull = open_pull(ask())
    hub.events.clear()
    sha = pull.merge().sha

    assert [(event.name, event.ref, event.sha) for event in hub.events] == [
        ("push", "refs/heads/main", sha)
    ]


def test_workflow_that_is_not_on_main_is_not_there(hub: Hub, ask: Ask) -> None:
    new = {".github/workflows/new.yml": DISPATCHED}
    hub.push("octo/tuf", "sign/b", new, login="alice", start="main")

    with pytest.raises(UnknownObjectException):
        ask().get_workflow("new.yml")


@pytest.mark.parametrize(
    ("workflow", "ref", "inputs", "refused"),
    [
        ("signing-event.yml", "none", {}, "No ref found for: none"),
        ("signing-event.yml", "main", {"evil": "x"}, "Unexpected inputs provided: ['evil']"),
        ("schedule.yml", "main", {}, "Workflow does not have 'workflow_dispatch' trigger"),
        (
            "signing-event.yml",
            "sign/a",
            {},
            "Workflow does not have 'workflow_dispatch' trigger",
        ),
    ],
)
def test_dispatch_that_cannot_run_is_refused(
    ask: Ask, workflow: str, ref: str, inputs: dict[str, str], refused: str
) -> None:
    found = ask().get_workflow(workflow)

    with pytest.raises(GithubException) as error:
        found.create_dispatch(ref, inputs, throw=True)

    assert refusal(error) == (422, refused)


def test_dispatch_by_number_and_by_a_list_of_triggers(hub: Hub, ask: Ask) -> None:
    number = ask().get_workflow("publish.yml").id
    assert ask().get_workflow(number).create_dispatch("refs/heads/main")

    assert happened(hub) == [("workflow_dispatch", "refs/heads/main", "")]


def test_schedule_runs_the_default_branch(hub: Hub, ask: Ask) -> None:
    hub.schedule("octo/tuf", cron="0 0 * * *")

    (event,) = hub.events
    assert (event.name, event.ref) == ("schedule", "refs/heads/main")
    assert event.sha == ask().get_branch("main").commit.sha


def test_pull_request_is_merged_when_its_head_is_pushed_to_the_base(hub: Hub, ask: Ask) -> None:
    pull = open_pull(ask())
    old = ask().get_branch("main").commit.sha
    ask("octo").get_git_ref("heads/main").edit(pull.head.sha, force=True)

    found = ask().get_pull(pull.number)
    assert (found.merged, found.state, found.merge_commit_sha) == (True, "closed", pull.head.sha)
    assert hub.events[-1].payload["before"] == old


def test_pull_request_is_closed_when_its_branch_goes(ask: Ask) -> None:
    pull = open_pull(ask())
    ask().get_git_ref("heads/sign/a").delete()

    found = ask().get_pull(pull.number)
    assert (found.merged, found.state) == (False, "closed")
    with pytest.raises(GithubException) as error:
        found.edit(state="open")
    assert error.value.status == 422


def test_pull_request_of_a_fork_follows_the_fork(hub: Hub, ask: Ask) -> None:
    hub.fork("octo/tuf", "carol")
    hub.push("carol/tuf", "sign/a", {"one": "1"}, login="carol")
    pull = open_pull(ask("carol"), "carol:sign/a")
    hub.events.clear()
    sha = hub.push("carol/tuf", "sign/a", {"two": "2"}, login="carol")

    assert ask().get_pull(pull.number).head.sha == sha
    assert [(event.repository, event.name) for event in hub.events] == [
        ("octo/tuf", "pull_request_target"),
        ("carol/tuf", "push"),
    ]
