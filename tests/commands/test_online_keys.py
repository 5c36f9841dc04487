"""What `ci online-sign` and `ci preflight` answer of keys that fail, and how people learn of it."""

import json
from pathlib import Path

import pytest
from tests.commands.running import Terminal, expect_failure
from tests.jobs.arranging import EVENT, changed_artifact
from tests.online_sign.holding import let_sign
from tests.support.pipeline import Pipeline
from tests.support.sample import ONLINE, Sample

from tufline.online_sign._run import FailedKey
from tufline.online_sign.commands._tell import tell_failed_keys

STANDBY = "file2:standby"
REASON = "Private key not found in 'standby' (with CRYPTO_SIGNER_PATH_PREFIX: None, path: standby)"


@pytest.fixture
def main(main: Sample) -> Sample:
    """Return what main holds: with a standby key, whose file is not there."""
    for role in ("snapshot", "timestamp"):
        let_sign(main, role, [ONLINE, STANDBY])
    main.files["tufline.toml"] += b'\n[review]\nonline-keys = ["file2:"]\n'
    return main


def sign(tufline: Terminal, pipeline: Pipeline, server: Path) -> tuple[int, object, str]:
    command = ("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)
    ran = tufline.at_now(*command)
    return ran.code, ran.answer["failed_keys"], ran.err


def test_standby_that_fails_is_in_the_answer_and_warned_of_with_exit_status_0(
    tufline: Terminal, pipeline: Pipeline, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    code, failed, said = sign(tufline, pipeline, server)

    assert (code, failed) == (0, [{"name": STANDBY, "reason": REASON}])
    assert said.startswith("warning: online key file2:standby: Private key not found")
    assert pipeline.version("timestamp") == 1


def test_on_github_it_is_an_annotation_and_in_the_summary(
    tufline: Terminal,
    pipeline: Pipeline,
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("CRYPTO_SIGNER_PATH_PREFIX", ".")
    Path("standby").write_text("%0A::error::nonsense")

    _, _, said = sign(tufline, pipeline, server)

    assert said.startswith("::warning title=An online key failed::file2:standby: ")
    assert said.count("::") == 2
    assert said.count("\n") == 1
    told = summary.read_text()
    assert told.startswith(
        "- :warning: An online key failed, and others were enough: `file2:standby:"
    )


def test_clients_that_are_not_kept_fresh_are_an_error_after_all_else_is_done(
    tufline: Terminal, pipeline: Pipeline, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    sign(tufline, pipeline, server)
    assert tufline.at_now("ci", "publish", "-C", server).code == 0
    new = ("ci", "online-sign", "-C", server, "--now", "2026-03-04T12:00:00Z")
    pipeline.merge_by_force(changed_artifact(pipeline.main))  # which nobody publishes
    assert tufline(*new).answer["signed"] == ["snapshot", "timestamp"]
    Path("online").unlink()

    ran = tufline("ci", "online-sign", "-C", server, "--now", "2026-03-06T12:00:00Z")

    assert (ran.code, ran.answer["moved"], ran.answer["refused"]) == (1, False, [])
    assert (
        f"fresh: timestamp could not be signed by its online keys: {ONLINE}"
        in ran.answer["not_kept_fresh"]
    )
    assert "others were enough" not in ran.err
    assert "error: what clients have, while new content is kept from them, could not" in ran.err


def proposed(pipeline: Pipeline, uri: str) -> None:
    event = pipeline.main.copy()
    let_sign(event, "timestamp", [uri])
    pipeline.push(EVENT, event)


def test_preflight_says_what_the_proposed_keys_can_do(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    proposed(pipeline, "file2:next")

    ran = tufline.at_now("ci", "preflight", EVENT, "-C", server)

    (check,) = ran.answer["checks"]
    assert (ran.code, check["name"], check["verdict"]) == (1, "online-keys", "failed")
    assert check["summary"] == "cannot be used: file2:next, file2:standby"
    assert "publish" not in pipeline.history.branches()


def test_preflight_of_an_event_without_online_keys_has_nothing_to_say(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    ran = tufline.at_now("ci", "preflight", EVENT, "-C", server)

    assert (ran.code, ran.answer) == (0, {"event": EVENT, "checks": []})


def test_preflight_of_a_refused_event_is_refused(
    tufline: Terminal, pipeline: Pipeline, server: Path
) -> None:
    event = pipeline.main.copy()
    event.files[".github/workflows/x.yml"] = b"on: push\n"
    pipeline.push(EVENT, event)

    expect_failure(tufline.at_now("ci", "preflight", EVENT, "-C", server), "unclaimed-path")


def test_online_signing_of_an_event_hands_its_checks_to_the_next_job(
    tufline: Terminal,
    pipeline: Pipeline,
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposed(pipeline, "file2:next")
    output = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))

    ran = tufline.at_now("ci", "online-sign", "--event", EVENT, "-C", server)

    assert (ran.code, ran.answer["signed"]) == (0, [])
    lines = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert json.loads(lines["checks"]) == ran.answer["checks"]
    assert json.loads(lines["checks"])[0]["verdict"] == "failed"


def test_reason_from_outside_cannot_give_the_runner_commands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    tell_failed_keys([FailedKey(name="gcpkms:x", reason="50%\n::error::owned%0A")])

    assert capsys.readouterr().err == (
        "::warning title=An online key failed::gcpkms:x: 50%25\\n::error::owned%250A\n"
    )
