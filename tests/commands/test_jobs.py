"""The commands that jobs are run by: what they answer, and with which exit code."""

from pathlib import Path

import pytest
from tests.commands.running import Terminal, expect_failure
from tests.jobs.arranging import DUE, EVENT, changed_artifact
from tests.support.pipeline import Pipeline
from tests.support.sample import NOW

LATE = (NOW + DUE).isoformat()


# signing-event, events, merge


def test_signing_event_answers_where_it_stands(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline.push(EVENT, event)

    ran = tufline.at_now("ci", "signing-event", EVENT, "-C", server)

    assert (ran.code, ran.err) == (0, "")
    assert ran.answer == {
        "event": EVENT,
        "open": True,
        "merged": False,
        "verdict": "waiting",
        "head": pipeline.head(EVENT),
        "untold": [],
    }
    assert (server / "tufline/events/sign%2Fchange.json").is_file()


def test_signing_event_that_is_over_or_refused_is_an_answer(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    event = pipeline.main.copy()
    event.files["README"] = b""
    pipeline.push(EVENT, event)

    refused = tufline.at_now("ci", "signing-event", EVENT, "-C", server)
    gone = tufline.at_now("ci", "signing-event", "sign/gone", "-C", server)

    assert (refused.code, refused.answer["verdict"]) == (0, "refused")
    assert gone.code == 0
    assert gone.answer == {
        "event": "sign/gone",
        "open": False,
        "merged": False,
        "verdict": None,
        "head": None,
        "untold": [],
    }


def test_all_signing_events_are_looked_at_and_the_answer_tells_each(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.push("sign/a", changed_artifact(pipeline.main))
    pipeline.push("sign/b", pipeline.main)

    ran = tufline.at_now("ci", "signing-event", "--all", "-C", server)

    assert (ran.code, ran.err) == (0, "")
    assert ran.answer == {
        "done": {"signing-event sign/a": "ready", "signing-event sign/b": "unchanged"},
        "problems": {},
    }


def test_event_that_cannot_be_judged_is_exit_status_1_and_the_others_are_done(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.main.edit("npm", lambda npm: npm.unrecognized_fields.clear())
    pipeline.merge_by_force(pipeline.main)
    event = pipeline.main.copy()
    event.files["targets/npm/keys.json"] = b"two\n"
    pipeline.push("sign/a", event)
    pipeline.push("sign/b", pipeline.main)

    ran = tufline.at_now("ci", "signing-event", "--all", "-C", server)

    assert ran.code == 1
    assert ran.answer["done"] == {"signing-event sign/b": "unchanged"}
    assert list(ran.answer["problems"]) == ["signing-event sign/a"]


@pytest.mark.parametrize("arguments", [[], ["sign/a", "--all"]])
def test_signing_event_is_about_one_or_all(tufline: Terminal, arguments: list[str]) -> None:
    ran = tufline("ci", "signing-event", *arguments)

    assert ran.code == 2
    assert "give either an EVENT or --all" in ran.err


def test_hand_over_answers_the_branch_and_takes_no_other_than_main_and_events(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    before = pipeline.everything()

    ran = tufline("ci", "hand-over", EVENT, "-C", server)

    assert (ran.code, ran.answer) == (0, {"branch": EVENT})
    assert tufline("ci", "hand-over", "main", "-C", server).answer == {"branch": "main"}
    assert pipeline.everything() == before
    expect_failure(tufline("ci", "hand-over", "mine", "-C", server), "mine is not a signing event")


@pytest.mark.parametrize(
    "command",
    [
        ("ci", "signing-event", EVENT),
        ("ci", "signing-event", "--all"),
        ("ci", "create-signing-events"),
        ("ci", "online-sign"),
        ("ci", "hand-over", EVENT),
        ("merge", EVENT),
    ],
)
def test_command_on_github_says_what_its_environment_lacks(
    tufline: Terminal, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    for name in ("GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)

    expect_failure(
        tufline(*command, "--forge", "github"), "the environment lacks GITHUB_REPOSITORY"
    )


def test_other_branch_is_no_signing_event(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    assert pipeline.main.files
    expect_failure(
        tufline("ci", "signing-event", "main", "-C", server), "main is not a signing event"
    )


def test_events_are_listed_with_whom_they_wait_for(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    assert tufline.at_now("events", "-C", server).out == "no signing event is open\n"
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline.push("sign/b", event)
    pipeline.push("sign/a", pipeline.main)

    shown = tufline.at_now("events", "-C", server)
    listed = tufline.at_now("events", "-C", server, "--json")

    assert shown.out.splitlines() == [
        "sign/a: unchanged (no role)",
        "sign/b: waiting for @bob, @carol (targets)",
    ]
    assert listed.answer[1] == {
        "event": "sign/b",
        "verdict": "waiting",
        "roles": ["targets"],
        "waits_for": ["@bob", "@carol"],
    }


def test_events_that_cannot_be_read_say_why_in_their_line(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.push("sign/a", pipeline.main)
    pipeline.main.files["tufline.toml"] = b"x"
    pipeline.merge_by_force(pipeline.main)

    ran = tufline.at_now("events", "-C", server)

    assert ran.code == 0
    assert ran.out.startswith("sign/a: unreadable: tufline.toml: ")


def test_merge_says_what_main_became(tufline: Terminal, pipeline: Pipeline, server: Path) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    ran = tufline.at_now("merge", EVENT, "-C", server)

    assert (ran.code, ran.out) == (0, f"merged {EVENT} into main: {pipeline.head('main')}\n")


def test_merge_of_an_event_that_is_not_ready_fails_with_the_next_step(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), [])
    pipeline.push(EVENT, event)

    expect_failure(
        tufline.at_now("merge", EVENT, "-C", server),
        f"{EVENT} is waiting, so it is not merged",
        "tufline review --base main --event EVENT",
    )


def test_create_signing_events_answers_what_it_opened_and_what_is_under_way(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    assert pipeline.main.files
    first = tufline("ci", "create-signing-events", "-C", server, "--now", LATE)
    second = tufline("ci", "create-signing-events", "-C", server, "--now", LATE)

    names = {role: f"sign/{role}-v2" for role in ("root", "targets", "npm")}
    assert (first.code, first.answer) == (0, {"opened": names, "under_way": {}})
    assert (second.code, second.answer) == (0, {"opened": {}, "under_way": names})
