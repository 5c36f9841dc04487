"""Which validators look at what, and what an event's check says then."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.support.sample import Sample
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT
from tests.validators.documents import NOW, instance, put, spoilt

from tufline.repository.forge import CheckVerdict, EventCheck
from tufline.repository.history import Commit
from tufline.repository.jobs import Event
from tufline.repository.jobs.checks.validators import ValidatorsCheck, validate_event
from tufline.repository.review import Lineage
from tufline.repository.settings import read_settings
from tufline.repository.validators import (
    Job,
    Opinion,
    Sound,
    Task,
    Undecided,
    Unsound,
    ValidatorSettings,
    content,
    tasks,
)

TRUST = ValidatorSettings(name="trust", paths=("trusted_root.json",), use="sigstore-trusted-root")
CONFIG = ValidatorSettings(
    name="config", paths=("signing_config.v0.2.json",), use="sigstore-signing-config"
)
LINT = ValidatorSettings(name="lint", paths=("*.json", "npm/*"), command=("./tools/lint", "-v"))
SETTINGS = b"""\
[[validator]]
name = "trust"
paths = ["trusted_root.json"]
use = "sigstore-trusted-root"

[[validator]]
name = "config"
paths = ["signing_config.v0.2.json"]
use = "sigstore-signing-config"

[[validator]]
name = "lint"
paths = ["npm/*"]
command = ["./tools/lint", "-v"]
"""


class Runs:
    """Runs nothing, and remembers what it should have run."""

    def __init__(self, opinion: Opinion) -> None:
        self.opinion = opinion
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> Opinion:
        self.jobs.append(job)
        return self.opinion


def main() -> Sample:
    """Return a repository with settings, a program, and the files of a Sigstore."""
    sample = Sample()
    sample.files["tufline.toml"] = SETTINGS
    sample.files["tools/lint"] = b"#!/bin/sh\n"
    sample.files[f"targets/{TRUSTED_ROOT}"] = instance().trusted_root()
    sample.files[f"targets/{SIGNING_CONFIG}"] = instance().signing_config()
    return sample


def event_of(known_good: Sample, proposed: Sample) -> Event:
    base = known_good.state()
    return Event(
        name="sign/next",
        main=Commit("0" * 40),
        head=Commit("1" * 40),
        behind=False,
        known_good=base,
        proposed=proposed.state(),
        lineage=Lineage(),
        settings=read_settings(base),
    )


def check_of(change: dict[str, bytes], runs: Runs | None = None) -> EventCheck | None:
    """Return what is said of an event that changes these artifacts."""
    known_good = main()
    proposed = known_good.copy()
    proposed.files |= {f"targets/{name}": data for name, data in change.items()}
    event = event_of(known_good, proposed)
    return validate_event(event, now=NOW, run=runs or Runs(Sound()))


def wanted(*changed: str, settings: tuple[ValidatorSettings, ...] = (TRUST, CONFIG, LINT)) -> Any:  # noqa: ANN401 - a set of pairs
    found = tasks(settings, main().state(), [f"targets/{each}" for each in changed])
    return {(task.validator.name, task.artifact.path.removeprefix("targets/")) for task in found}


def test_what_changes_is_looked_at_by_all_that_match() -> None:
    assert wanted(TRUSTED_ROOT, settings=(TRUST, LINT)) == {
        ("trust", TRUSTED_ROOT),
        ("lint", TRUSTED_ROOT),
    }
    assert wanted("npm/keys.json") == {("lint", "npm/keys.json")}
    assert wanted("file.txt") == set()
    assert wanted(TRUSTED_ROOT, settings=()) == set()


def test_what_is_compared_with_a_changed_file_is_looked_at_again() -> None:
    assert wanted(TRUSTED_ROOT, settings=(CONFIG,)) == {("config", SIGNING_CONFIG)}
    assert wanted("rekor.pub") == {("trust", TRUSTED_ROOT)}
    assert wanted("artifact.pub") == set()


def test_files_of_other_folders_are_not_compared() -> None:
    assert wanted("npm/rekor.pub") == set()


def test_no_validator_no_check() -> None:
    assert check_of({"file.txt": b"new"}) is None


def test_sound_files_pass() -> None:
    said = check_of({TRUSTED_ROOT: instance().trusted_root() + b"\n"})
    assert said is not None
    assert (said.verdict, said.text) == (CheckVerdict.PASSED, "")
    assert said.summary == "validators found nothing wrong (2 looked at)"


def test_the_end_of_a_log_is_seen_from_the_signing_configuration() -> None:
    end = put("tlogs", 1, "publicKey", "validFor", "end", value="2026-02-01T00:00:00Z")
    said = check_of({TRUSTED_ROOT: spoilt(instance().trusted_root(), end)})
    assert said is not None
    assert said.verdict is CheckVerdict.FAILED
    first, second = said.text.splitlines()
    assert first.startswith("- `trusted_root.json, validator trust: tlogs has none that is valid")
    assert "config: rekorTlogUrls[0].url (https://log2.example.org) has ended in tlogs" in second


def test_a_trusted_root_that_goes_leaves_nothing_to_compare_with() -> None:
    known_good = main()
    proposed = known_good.copy()
    del proposed.files[f"targets/{TRUSTED_ROOT}"]
    said = validate_event(event_of(known_good, proposed), now=NOW)
    assert said is not None
    assert "there is no trusted_root.json beside it; add one" in said.text


def test_a_command_gets_the_artifact_and_mains_program() -> None:
    runs = Runs(Sound())
    check_of({"npm/keys.json": b"new", "npm/more": b"too"}, runs)
    first, second = runs.jobs
    assert (first.artifact, second.artifact) == ("npm/keys.json", "npm/more")
    assert first.artifacts == second.artifacts == {"npm/keys.json": b"new", "npm/more": b"too"}
    assert first.command == ("./tools/lint", "-v")
    assert first.programs == {"tools/lint": b"#!/bin/sh\n"}


def test_an_event_cannot_bring_a_program_or_settings_of_its_own() -> None:
    runs, known_good = Runs(Sound()), main()
    proposed = known_good.copy()
    proposed.files["targets/npm/keys.json"] = b"new"
    proposed.files["tools/lint"] = b"#!/bin/sh\nexit 0 # harmless\n"
    proposed.files["tufline.toml"] = b""
    validate_event(event_of(known_good, proposed), now=NOW, run=runs)
    assert runs.jobs[0].programs == {"tools/lint": b"#!/bin/sh\n"}


@pytest.mark.parametrize(
    ("opinion", "verdict", "line"),
    [
        (Unsound(problems=("no `x`",)), CheckVerdict.FAILED, "validator lint: no \\u0060x\\u0060`"),
        (Undecided(why="slow"), CheckVerdict.INCONCLUSIVE, "lint: not validated: slow`"),
    ],
)
def test_what_a_command_says_is_shown(opinion: Opinion, verdict: CheckVerdict, line: str) -> None:
    said = check_of({"npm/keys.json": b"new"}, Runs(opinion))
    assert said is not None
    assert said.verdict is verdict
    assert said.text.endswith(line)


def test_a_very_long_answer_is_cut() -> None:
    said = check_of({"npm/keys.json": b"new"}, Runs(Unsound(problems=("no",) * 60)))
    assert said is not None
    assert said.text.splitlines()[-1] == "- `and 10 more`"
    assert len(said.text.splitlines()) == 51


def test_what_is_too_large_is_undecided() -> None:
    said = check_of({"npm/keys.json": bytes(2**25 + 1)})
    assert said is not None
    assert "not validated: it and its siblings are larger than 32 MiB" in said.text


def test_equal_digests_mean_that_the_same_is_looked_at() -> None:
    def digest(**changed: bytes) -> str | None:
        known_good = main()
        known_good.files |= {f"tools/{name}": data for name, data in changed.items()}
        proposed = known_good.copy()
        proposed.files["targets/npm/keys.json"] = b"new"
        event = event_of(known_good, proposed)
        return ValidatorsCheck().content(event, event.review(now=NOW))

    assert digest() == digest() is not None
    assert digest() != digest(lint=b"another program")
    assert digest() != digest(lib=b"what it may use")
    slower = replace(LINT, timeout=3)
    assert _digest_of(LINT) != _digest_of(slower)


def _digest_of(settings: ValidatorSettings) -> str | None:
    state = main().state()
    found: tuple[Task, ...] = tasks((settings,), state, ["targets/npm/keys.json"])
    return content(found, state)


def test_the_settings_of_a_validator_are_checked() -> None:
    for wrong, why in (
        ({"paths": ("/a",)}, "no / in front"),
        ({"paths": ("",)}, "not empty"),
        ({"use": None, "command": ("",)}, "none of them empty"),
    ):
        given: dict[str, Any] = {"name": "a", "paths": ("a",), "use": "sigstore-trusted-root"}
        with pytest.raises(ValueError, match=why):
            ValidatorSettings(**{**given, **wrong})


def test_the_documents_are_json() -> None:
    assert json.loads(instance().signing_config())["rekorTlogUrls"][0]["url"]
