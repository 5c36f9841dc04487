"""`tufline doctor`: what it sees on a machine that is ready, and on those that are not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.signer.helpers import NOW, Holder, Outcome, Server, git
from tests.support.tokens import LABEL, final_try
from tests.support.web import served

from tufline.signer.doctor import clock_of_web


def examined(person: Holder, *arguments: str | Path, at: datetime = NOW) -> dict[str, Any]:
    """Return the checks by name. It looks for tokens, and a process sees those of one folder."""
    outcome = person.run_apart("doctor", "--json", *arguments, at=at)
    answer = json.loads(outcome.out)
    assert outcome.code == (0 if answer["ready"] else 1)
    return {each["name"]: each for each in answer["checks"]}


def failed(found: dict[str, Any]) -> dict[str, str]:
    return {name: each["said"] for name, each in found.items() if each["outcome"] == "failed"}


def test_machine_that_is_ready(started: Server, alice: Holder) -> None:
    found = examined(alice)

    assert failed(found) == {}
    assert [each["outcome"] for each in found.values()].count("ok") == 10
    assert found["settings"]["said"] == f"@alice, in {alice.clone / '.tufline-sign.toml'}"
    assert found["identity"]["said"] == "commits are by The User <user@example.org>"
    assert found["fetch"]["said"] == f"origin: {started.path}"
    assert "would take a branch (tried without pushing)" in found["push"]["said"]
    assert found["roles"]["said"] == "@alice may sign root, targets"
    assert found["clock"]["outcome"] == found["pinned root"]["outcome"] == "not looked at"
    assert found["signature"]["said"].endswith("over a scratch text, and verified")
    assert "sign/doctor-tries-to-push" not in started.heads()


@pytest.mark.usefixtures("started")
def test_text_fits_the_screen_and_says_all(alice: Holder) -> None:
    outcome = alice.run_apart("doctor")

    assert outcome.code == 0, outcome
    lines = outcome.out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")].count("ok") == 10
    long = [line for line in lines if len(line) > 80 and max(map(len, line.split())) < 60]
    assert long == []


def test_token_signs_a_scratch_text_with_its_pin(
    accepted: Server, dora: Holder, pin_file: Path
) -> None:
    accepted.merge()

    found = examined(dora, "--pin-file", pin_file)

    assert f"slot 9c of {LABEL}" in found["key"]["said"]
    assert found["signature"]["outcome"] == "ok"


def test_last_attempt_for_the_pin_is_told_before_it_is_used(accepted: Server, dora: Holder) -> None:
    accepted.merge()
    assert dora.token
    final_try(dora.token)

    found = examined(dora, "--no-sign")

    assert found["attached"]["outcome"] == "doubt"
    assert "one attempt left before the PIN is locked" in found["attached"]["said"]


def test_without_pin_and_terminal_all_but_the_signature_is_looked_at(
    accepted: Server, dora: Holder
) -> None:
    accepted.merge()

    found = examined(dora)

    assert found["key"]["outcome"] == "ok"
    assert found["signature"] == {
        "name": "signature",
        "outcome": "not looked at",
        "said": f"not tried: no PIN of {LABEL}; give --pin-file or --pin-fd",
        "mend": None,
    }
    assert examined(dora, "--no-sign")["signature"] == {
        "name": "signature",
        "outcome": "not looked at",
        "said": "left out, as --no-sign says",
        "mend": None,
    }


def test_wrong_pin_is_said_and_not_tried_again(
    accepted: Server, dora: Holder, tmp_path: Path
) -> None:
    accepted.merge()
    (tmp_path / "wrong").write_text("000000\n")

    found = examined(dora, "--pin-file", tmp_path / "wrong")

    assert list(failed(found)) == ["signature"]
    assert "wrong PIN for" in found["signature"]["said"]
    assert "not the PUK" in found["signature"]["mend"]


def test_without_settings_all_that_can_be_looked_at_is(alice: Holder) -> None:
    (alice.clone / ".tufline-sign.toml").unlink()

    found = examined(alice)

    assert list(failed(found)) == ["settings"]
    assert "user-name" in found["settings"]["mend"]
    assert found["version"]["outcome"] == "ok"
    assert found["git"]["said"] == "there are no settings"
    assert found["signature"]["said"] == "there is no key to sign with"


def test_remote_that_is_gone(started: Server, alice: Holder) -> None:
    git(alice.clone, "remote", "set-url", "origin", str(started.path) + "-gone")

    found = examined(alice)

    assert list(failed(found)) == ["fetch"]
    assert found["fetch"]["mend"]
    assert found["push"]["said"] == "main could not be fetched"


def test_remote_that_may_only_be_read(started: Server, alice: Holder) -> None:
    git(alice.clone, "remote", "set-url", "--push", "origin", str(started.path) + "-gone")

    found = examined(alice)

    assert list(failed(found)) == ["push"]


@pytest.mark.usefixtures("started")
def test_nobody_who_is_not_named_yet_is_refused(server: Server) -> None:
    found = examined(server.holder("@mallory"))

    assert found["roles"]["outcome"] == "doubt"
    assert found["roles"]["said"] == "main has no key of @mallory"
    assert "new to the metadata" in found["key"]["said"]


@pytest.mark.usefixtures("started")
def test_key_that_is_not_there(alice: Holder) -> None:
    alice.key_file.unlink()

    found = examined(alice)

    assert {"key"} <= set(failed(found))
    assert found["signature"]["said"] == "there is no key to sign with"
    assert found["attached"]["outcome"] == "doubt"


@pytest.mark.usefixtures("started")
def test_clock_that_is_behind_the_newest_commit(alice: Holder) -> None:
    found = examined(alice, at=datetime(2020, 1, 1, tzinfo=UTC))

    assert "main's newest commit is later" in failed(found)["clock"]


@pytest.mark.usefixtures("started")
def test_clock_is_compared_with_the_server_that_clients_read(alice: Holder, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    with served(site) as url:
        publish_at(alice, url)
        real = datetime.now(UTC).replace(microsecond=0)
        right = examined(alice, at=real)
        wrong = examined(alice, at=real + timedelta(hours=1))
    gone = examined(alice, at=real)

    assert right["clock"]["said"].endswith(f"UTC, as at {url}")
    assert "UTC here, and" in failed(wrong)["clock"]
    assert "timedatectl" in wrong["clock"]["mend"]
    assert gone["clock"]["outcome"] == "doubt"


def publish_at(person: Holder, url: str) -> None:
    """Let tufline.toml on main name the URL."""
    git(person.clone, "fetch", "--quiet", "origin")
    git(person.clone, "switch", "--quiet", "--detach", "origin/main")
    (person.clone / "tufline.toml").write_text(f'[publish]\nurl = "{url}"\n')
    git(person.clone, "add", "tufline.toml")
    git(person.clone, "commit", "--quiet", "--message", "Name the URL")
    git(person.clone, "push", "--quiet", "origin", "HEAD:main")


def test_server_that_says_no_time_is_no_clock() -> None:
    assert clock_of_web("http://127.0.0.1:1/") is None


def test_outcome_without_a_clone(tmp_path: Path) -> None:
    nowhere = Holder(name="@alice", clone=tmp_path / "nowhere")
    nowhere.clone.mkdir()

    outcome: Outcome = nowhere.run_apart("doctor")

    assert outcome.code == 1
    assert "is not in a git clone" in " ".join(outcome.out.split())
