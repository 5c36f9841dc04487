"""What the commands answer that sign online, build, publish, and do all that is due."""

from pathlib import Path

import pytest
from tests.commands.running import Terminal, expect_failure
from tests.jobs.arranging import DUE, EVENT, add_online_role, changed_artifact
from tests.support.pipeline import Pipeline
from tests.support.sample import NOW, ONLINE

LATE = (NOW + DUE).isoformat()


# online-sign


def _event_answer(*signed: str) -> dict[str, object]:
    return {"event": EVENT, "signed": list(signed), "checks": [], "failed_keys": []}


def test_first_online_signing_names_the_digest_and_then_takes_it(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    command = ("ci", "online-sign", "-C", server)
    refused = tufline.at_now(*command)
    expect_failure(
        refused, f"root 1 with SHA-256 {pipeline.confirmed} was not confirmed", "--confirm-root"
    )

    ran = tufline.at_now(*command, "--confirm-root", pipeline.confirmed)

    assert (ran.code, ran.answer) == (
        0,
        {
            "publish": pipeline.head("publish"),
            "moved": True,
            "signed": ["snapshot", "timestamp"],
            "refused": [],
            "failed_keys": [],
            "not_kept_fresh": None,
        },
    )


def test_row_a_refused_main_is_exit_status_1_with_the_reason_in_the_answer(
    tufline: Terminal, started: Pipeline, server: Path
) -> None:
    broken = changed_artifact(started.main)
    broken.sign("targets", broken.load("targets"), [])
    started.merge_by_force(broken)

    ran = tufline("ci", "online-sign", "-C", server, "--now", "2026-03-06T12:00:00Z")

    assert ran.code == 1
    assert ran.answer["signed"] == ["timestamp"]
    assert ran.answer["moved"] is True
    assert any("missing: @alice, @bob, @carol" in each for each in ran.answer["refused"])


def test_row_h_online_sign_of_an_event(tufline: Terminal, started: Pipeline, server: Path) -> None:
    main = started.main.copy()
    add_online_role(main)
    started.merge_by_force(main)
    event = main.copy()
    event.edit("nightly", signers=[])
    started.push(EVENT, event)

    ran = tufline.at_now("ci", "online-sign", "--event", EVENT, "-C", server)

    assert (ran.code, ran.answer) == (0, _event_answer("nightly"))
    answer = tufline.at_now("review", "--base=main", f"--event={EVENT}", "-C", server, "--json")
    assert answer.answer["verdict"] == "ready"


def test_online_sign_takes_its_arguments_from_a_workflow_s_inputs_where_they_are_given(
    tufline: Terminal, started: Pipeline, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started.push(EVENT, changed_artifact(started.main))
    monkeypatch.setenv("TUFLINE_CONFIRM_ROOT", "")
    monkeypatch.setenv("TUFLINE_EVENT", "")
    main = tufline.at_now("ci", "online-sign", "-C", server)
    monkeypatch.setenv("TUFLINE_EVENT", EVENT)
    event = tufline.at_now("ci", "online-sign", "-C", server)

    assert (main.answer["moved"], event.answer) == (False, _event_answer())


def test_online_key_that_is_not_there_is_named(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    Path("online").unlink()

    ran = tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)

    expect_failure(
        ran,
        f"snapshot could not be signed by its online keys: {ONLINE}: Private key not found",
        "; nothing was published before",
        "mend one of these keys",
    )
    assert "publish" not in pipeline.history.branches()


# build, publish, check, tick


def test_build_makes_the_folder_and_then_writes_only_what_changed(
    tufline: Terminal, started: Pipeline, server: Path, tmp_path: Path
) -> None:
    assert started.main.files
    output = tmp_path / "new" / "site"
    command = ("ci", "build", "-C", server, "--output", output)

    commit = started.head("publish")
    assert tufline(*command).answer == {
        "commit": commit,
        "lane": None,
        "written": 8,
        "unchanged": 0,
        "inconclusive": [],
        "held-back": None,
    }
    assert tufline(*command).answer["written"] == 0
    assert (output / "metadata/timestamp.json").is_file()


def test_publish_answers_what_it_wrote_where(
    tufline: Terminal, started: Pipeline, server: Path, tmp_path: Path
) -> None:
    ran = tufline.at_now("ci", "publish", "-C", server)

    counts = {"written": 8, "unchanged": 0}
    assert (ran.code, ran.answer) == (
        0,
        {
            "commit": started.head("publish"),
            "acted": True,
            "lane": "content",
            "staging": counts,
            "production": counts,
            "inconclusive": [],
        },
    )
    again = tufline.at_now("ci", "publish", "-C", server).answer
    assert (again["acted"], again["lane"]) == (False, "nothing")
    assert (tmp_path / "production/metadata/timestamp.json").is_file()


def test_publish_without_staging_says_nothing_of_it(
    tufline: Terminal, pipeline: Pipeline, server: Path, tmp_path: Path
) -> None:
    settings = f'[publish]\nproduction = "{tmp_path / "production"}"\n'
    pipeline.main.files["tufline.toml"] = settings.encode()
    pipeline.merge_by_force(pipeline.main)
    tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)

    ran = tufline.at_now("ci", "publish", "-C", server)

    assert (ran.code, ran.answer.keys()) == (
        0,
        {"commit", "acted", "lane", "production", "inconclusive"},
    )


def test_publish_nowhere_and_to_a_missing_folder_says_what_to_do(
    tufline: Terminal, started: Pipeline, server: Path, tmp_path: Path
) -> None:
    (tmp_path / "production").rmdir()
    expect_failure(
        tufline.at_now("ci", "publish", "-C", server), "production: no such folder", "create"
    )

    del started.main.files["tufline.toml"]
    started.merge_by_force(started.main)
    tufline.at_now("ci", "online-sign", "-C", server)
    expect_failure(tufline.at_now("ci", "publish", "-C", server), "names no place to publish to")


def test_check_fails_when_a_client_will_stop(
    tufline: Terminal, started: Pipeline, server: Path
) -> None:
    assert started.main.files
    tufline.at_now("ci", "publish", "-C", server)

    good = tufline.at_now("ci", "check", "-C", server, "--ahead", "6")
    bad = tufline.at_now("ci", "check", "-C", server, "--ahead", "7d")

    assert (good.code, [each["problem"] for each in good.answer]) == (0, [None, None])
    assert bad.code == 1
    assert bad.answer[0] == {"at": "2026-03-01T12:00:00+00:00", "problem": None, "ended": []}
    assert "expired" in bad.answer[1]["problem"]
    assert [(each["role"], each["expires"]) for each in bad.answer[1]["ended"]] == [
        ("timestamp", "2026-03-08T12:00:00+00:00"),
    ]


@pytest.mark.parametrize("days", ["soon", "-1", "5w", ""])
def test_check_ahead_is_a_number_of_days(tufline: Terminal, server: Path, days: str) -> None:
    ran = tufline("ci", "check", "-C", server, "--ahead", days)

    assert ran.code == 2
    assert "is not a number of days such as 5d" in ran.err


def test_tick_does_it_all_and_says_each_step(
    tufline: Terminal, pipeline: Pipeline, server: Path, tmp_path: Path
) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    ran = tufline.at_now("ci", "tick", "-C", server, "--confirm-root", pipeline.confirmed)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "online-sign: signed snapshot and timestamp",
        f"publish: published {pipeline.head('publish')[:12]}, 8 files",
        "create-signing-events: no role is due",
        f"signing-event {EVENT}: ready",
        "record: nothing is new",
    ]
    assert (tmp_path / "production/metadata/timestamp.json").is_file()


def test_tick_with_a_problem_is_exit_status_1_and_the_rest_is_done(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    ran = tufline.at_now("ci", "tick", "-C", server)

    assert ran.code == 1
    assert ran.err.startswith("online-sign: root 1 with SHA-256 ")
    assert f"signing-event {EVENT}: ready" in ran.out
    assert "was not confirmed" in (server / "tufline/problems/online-sign.json").read_text()


def test_tick_where_no_part_signs_online_does_the_rest(
    tufline: Terminal, pipeline: Pipeline, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pipeline.main.files
    monkeypatch.setattr("tufline.repository.commands.ci_tick.ONLINE_SIGNING", "nobody.registers")

    ran = tufline.at_now("ci", "tick", "-C", server)

    said = "create-signing-events: no role is due\nrecord: nothing is new\n"
    assert (ran.code, ran.out) == (0, said)
