"""`tufline review`: the interface that others rely on."""

import os
from pathlib import Path

import pytest
from tests.commands.running import Terminal, expect_failure
from tests.history.helpers import clone, git
from tests.jobs.arranging import EVENT, add_online_role, changed_artifact
from tests.support.pipeline import Pipeline
from tests.support.sample import ONLINE, key_for
from tuf.api.metadata import Root

ROLE_FIELDS = {
    "version",
    "threshold",
    "signed",
    "missing",
    "invited",
    "unverified",
    "ready",
    "previous",
}


def push_event(pipeline: Pipeline) -> None:
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline.push(EVENT, event)


def test_json_says_what_the_interface_says(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    push_event(pipeline)

    ran = tufline.at_now("review", "--base", "main", "--event", EVENT, "-C", server, "--json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.answer == {
        "verdict": "waiting",
        "base": pipeline.head("main"),
        "event": pipeline.head(EVENT),
        "roles": {
            "targets": {
                "version": 2,
                "threshold": 2,
                "signed": ["@alice"],
                "missing": ["@bob", "@carol"],
                "invited": [],
                "unverified": [],
                "ready": False,
                "previous": None,
            }
        },
        "findings": [],
    }


def test_json_of_a_new_root_counts_against_the_old_one_too(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    event = pipeline.main.copy()

    def replace(root: Root) -> None:
        root.revoke_key(key_for("@carol").keyid, "root")
        root.add_key(key_for("@carol#2"), "root")

    event.edit("root", replace, signers=["@alice", "@carol#2"])
    event.files["metadata/.signing-event-state"] = b'{"invites": {"@eve": ["npm"]}}'
    pipeline.push(EVENT, event)

    answer = tufline.at_now("review", "--base=main", f"--event={EVENT}", "-C", server, "--json")

    root = answer.answer["roles"]["root"]
    assert root["previous"] == {"threshold": 2, "signed": ["@alice"], "missing": ["@bob", "@carol"]}
    assert (root["signed"], root["missing"]) == (["@alice", "@carol"], ["@bob"])
    assert answer.answer["roles"]["npm"]["invited"] == ["@eve"]
    for role in answer.answer["roles"].values():
        assert role.keys() == ROLE_FIELDS
    for finding in answer.answer["findings"]:
        assert finding.keys() == {"rule", "severity", "role", "path", "message"}
        assert finding["severity"] in {"error", "notice"}


def test_json_names_an_online_key_by_its_uri_and_an_unreadable_version_is_null(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    main = pipeline.main.copy()
    add_online_role(main)
    pipeline.merge_by_force(main)
    event = main.copy()
    event.edit("nightly", signers=[])
    event.files["metadata/npm.json"] = b'{"signed": {"_type"'
    pipeline.push(EVENT, event)

    ran = tufline.at_now("review", "--base=main", f"--event={EVENT}", "-C", server, "--json")

    assert ran.code == 0
    assert ran.answer["verdict"] == "refused"
    assert ran.answer["roles"]["nightly"]["missing"] == [ONLINE]
    assert ran.answer["roles"]["npm"]["version"] is None
    assert "metadata/npm.json" in {each["path"] for each in ran.answer["findings"]}


@pytest.mark.parametrize("verdict", ["ready", "waiting", "refused", "unchanged"])
def test_every_verdict_is_exit_status_0(
    verdict: str, tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    event = pipeline.main.copy()
    if verdict != "unchanged":
        event.put("file.txt", b"two\n")
    if verdict == "waiting":
        event.sign("targets", event.load("targets"), [])
    if verdict == "refused":
        event.files["README"] = b""
    pipeline.push(EVENT, event)

    ran = tufline.at_now("review", "--base=main", f"--event={EVENT}", "-C", server, "--json")

    assert (ran.code, ran.answer["verdict"]) == (0, verdict)


def test_without_a_base_the_whole_state_is_judged(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    ran = tufline.at_now("review", "--event=main", "-C", server, "--json")

    assert (ran.code, ran.answer["verdict"]) == (0, "ready")
    assert (ran.answer["base"], ran.answer["event"]) == (None, pipeline.head("main"))
    assert ran.answer["roles"].keys() == {"root", "targets", "npm"}


def test_event_is_head_unless_it_is_named(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    ran = tufline.at_now("review", "-C", server, "--json")

    assert ran.answer["event"] == pipeline.head("main")


def test_now_decides_what_has_expired(tufline: Terminal, pipeline: Pipeline, server: Path) -> None:
    assert pipeline.main.files
    late = tufline(
        "review", "--event=main", "-C", server, "--json", "--now", "2027-03-01T12:00:00Z"
    )
    early = tufline(
        "review", "--event=main", "-C", server, "--json", "--now", "2027-03-01T11:59:59"
    )

    assert [late.answer["verdict"], early.answer["verdict"]] == ["refused", "ready"]
    assert {each["rule"] for each in late.answer["findings"]} == {"expiry"}


def test_now_may_come_from_the_environment(
    tufline: Terminal, pipeline: Pipeline, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pipeline.main.files
    monkeypatch.setenv("TUFLINE_NOW", "2030-01-01T00:00:00+02:00")

    assert tufline("review", "-C", server, "--json").answer["verdict"] == "refused"


def test_terminal_text_is_plain_where_there_is_no_terminal(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    push_event(pipeline)

    ran = tufline.at_now("review", "--base=main", f"--event={EVENT}", "-C", server)

    assert ran.code == 0
    assert "WAITING" in ran.out
    assert "@bob" in ran.out
    assert "\x1b" not in ran.out


@pytest.mark.parametrize("kind", ["clone", "bare clone", "detached", "subfolder"])
def test_any_clone_gives_the_same_answer_without_network(
    kind: str,
    tufline: Terminal,
    pipeline: Pipeline,
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    push_event(pipeline)
    options = ["--bare"] if kind == "bare clone" else []
    place = clone(server, tmp_path / "place", *options)
    base, event = pipeline.head("main"), pipeline.head(EVENT)
    if kind == "detached":
        git(place, "checkout", "--quiet", "--detach", event)
    if kind == "subfolder":
        place /= "metadata"
    expected = tufline.at_now("review", "--base", base, "--event", event, "-C", server, "--json")
    pipeline.history.close()
    server.rename(tmp_path / "gone.git")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "none")
    before = _listing(tmp_path / "place")

    ran = tufline.at_now("review", "--base", base, "--event", event, "-C", place, "--json")

    assert (ran.code, ran.answer) == (0, expected.answer)
    assert _listing(tmp_path / "place") == before


def _listing(folder: Path) -> list[tuple[str, int]]:
    found = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return sorted((str(path), path.stat().st_mtime_ns) for path in found)


def test_clone_of_a_detached_head_reviews_head(
    tufline: Terminal, pipeline: Pipeline, server: Path, tmp_path: Path
) -> None:
    push_event(pipeline)
    place = clone(server, tmp_path / "place")
    git(place, "checkout", "--quiet", "--detach", f"origin/{EVENT}")

    ran = tufline.at_now("review", "--base=origin/main", "-C", place, "--json")

    assert ran.answer["event"] == pipeline.head(EVENT)
    assert ran.answer["verdict"] == "waiting"


# what cannot be judged


def test_missing_repository_is_named(tufline: Terminal, tmp_path: Path) -> None:
    expect_failure(tufline("review", "-C", tmp_path / "nowhere", "--json"), "nowhere")


def test_folder_that_is_no_repository_is_named(tufline: Terminal, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()

    expect_failure(tufline("review", "-C", tmp_path / "plain"), "plain")


def test_unborn_main_is_said_to_be_unborn(tufline: Terminal, server: Path) -> None:
    expect_failure(tufline("review", "--event=main", "-C", server), "main")


def test_unknown_revision_is_named(tufline: Terminal, pipeline: Pipeline, server: Path) -> None:
    assert pipeline.main.files
    expect_failure(tufline("review", "--base=nowhere", "-C", server), "nowhere")


def test_shallow_clone_cannot_answer_and_says_how_to_mend_it(
    tufline: Terminal, pipeline: Pipeline, server: Path, tmp_path: Path
) -> None:
    push_event(pipeline)
    git(
        tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{server}", "place"
    )

    ran = tufline.at_now(
        "review", "--base=origin/main", f"--event=origin/{EVENT}", "-C", tmp_path / "place"
    )

    expect_failure(ran, "shallow")


def test_settings_that_cannot_be_read_are_named(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.main.files["tufline.toml"] = b"[merge]\nat-treshold = true"
    pipeline.merge_by_force(pipeline.main)

    expect_failure(tufline.at_now("review", "-C", server), "tufline.toml: merge.at-treshold")


@pytest.mark.parametrize("time", ["yesterday", "", "2026-13-01"])
def test_time_that_is_none_is_wrong_usage(time: str, tufline: Terminal, server: Path) -> None:
    ran = tufline("review", "-C", server, "--now", time)

    assert ran.code == 2
    assert "is not a time such as 2026-03-01T12:00:00Z" in ran.err
