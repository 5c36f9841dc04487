"""tufline ci shadow: what it answers, keeps, and leaves alone."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.commands.running import Terminal, expect_failure
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample

from tufline.repository.forge import check_from_json

EVENT = "sign/change"


def change(pipeline: Pipeline) -> Sample:
    event = pipeline.main.copy()
    event.put("file.txt", b"two\n")
    return event


def test_clients_that_are_installed_try_the_event(
    pipeline: Pipeline, tufline: Terminal, server: Path, tmp_path: Path
) -> None:
    pipeline.push(EVENT, change(pipeline))
    folder = tmp_path / "kept"

    ran = tufline.at_now("ci", "shadow", EVENT, "-C", server, "--keep", folder, "--check")

    assert ran.code == 0
    (check,) = map(check_from_json, ran.answer["checks"])
    assert (check.name, check.verdict) == ("clients", "passed")
    assert check.summary == "accepted by python-tuf"
    assert json.loads((folder / "metadata/2.targets.json").read_text())["signatures"]
    assert [path.read_bytes() for path in folder.glob("targets/*.file.txt")] == [b"two\n"]


def test_answer_is_there_for_the_next_job_of_a_workflow(
    pipeline: Pipeline,
    tufline: Terminal,
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = pipeline.main
    main.files["tufline.toml"] = b'[clients]\nuse = ["ours"]\ncommands = { ours = ["not-there"] }\n'
    pipeline.commit("main", main.files)
    pipeline.push(EVENT, change(pipeline))
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(name, str(tmp_path / name))

    ran = tufline.at_now("ci", "shadow", EVENT, "-C", server, "--check")

    (check,) = ran.answer["checks"]
    assert (ran.code, check["verdict"]) == (0, "inconclusive")
    assert "### clients: inconclusive" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    told = (tmp_path / "GITHUB_OUTPUT").read_text().splitlines()
    assert f"checks={json.dumps(ran.answer['checks'])}" in told


def test_refusal_is_an_answer_and_with_check_a_failure(
    pipeline: Pipeline, tufline: Terminal, server: Path
) -> None:
    main = pipeline.main
    main.sign_online()
    snapshot = main.load("snapshot")
    snapshot.signed.meta["npm.json"].length = 7
    main.write("snapshot", snapshot)
    pipeline.commit("main", main.files)
    pipeline.push(EVENT, change(pipeline))

    ran = tufline.at_now("ci", "shadow", EVENT, "-C", server)
    failed = tufline.at_now("ci", "shadow", EVENT, "-C", server, "--check")

    assert ran.answer["checks"][0]["verdict"] == "failed"
    assert (ran.code, failed.code) == (0, 1)


def test_event_that_is_over_refused_or_of_no_interest_has_no_checks(
    pipeline: Pipeline, tufline: Terminal, server: Path
) -> None:
    refused = change(pipeline)
    refused.files["metadata/targets.json"] = b"{}"
    pipeline.push("sign/refused", refused)
    pipeline.push("sign/nothing", pipeline.main.copy())

    for name in ("sign/refused", "sign/nothing", "sign/not-there"):
        ran = tufline.at_now("ci", "shadow", name, "-C", server)
        assert (ran.code, ran.answer) == (0, {"checks": []})


def test_what_is_no_event_is_an_error(tufline: Terminal, pipeline: Pipeline, server: Path) -> None:
    assert pipeline.main.files
    expect_failure(tufline.at_now("ci", "shadow", "main", "-C", server), "main")


def test_folder_that_is_there_is_not_written_to(
    pipeline: Pipeline, tufline: Terminal, server: Path, tmp_path: Path
) -> None:
    pipeline.push(EVENT, change(pipeline))
    (tmp_path / "kept").mkdir()

    ran = tufline.at_now("ci", "shadow", EVENT, "-C", server, "--keep", tmp_path / "kept")

    expect_failure(ran, "is there already")
    assert not list((tmp_path / "kept").iterdir())


def test_metadata_that_the_pipeline_has_to_update_is_tried_as_it_will_be(
    pipeline: Pipeline, tufline: Terminal, server: Path, tmp_path: Path
) -> None:
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline.push(EVENT, event)
    before = subprocess.run(["git", "show-ref"], cwd=server, capture_output=True, check=True)

    ran = tufline.at_now("ci", "shadow", EVENT, "-C", server, "--keep", tmp_path / "kept")

    assert ran.answer["checks"][0]["verdict"] == "passed"
    assert (tmp_path / "kept/metadata/2.targets.json").exists()
    after = subprocess.run(["git", "show-ref"], cwd=server, capture_output=True, check=True)
    assert after.stdout == before.stdout


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ("", []),
        ('[clients]\nuse = ["python-tuf", "tuf-js", "ours", "tuftool"]\n', ["tuf-js", "tuftool"]),
    ],
)
def test_clients_that_main_names_are_installed_but_for_python_tuf(
    pipeline: Pipeline,
    tufline: Terminal,
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    names: list[str],
) -> None:
    commands = '[clients.commands]\nours = ["ours"]\n' if settings else ""
    pipeline.commit("main", {**pipeline.main.files, "tufline.toml": (settings + commands).encode()})
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))

    ran = tufline("ci", "clients", "-C", server)

    assert ran.answer == {"install": names}
    assert f"install={' '.join(names)}\n" in (tmp_path / "output").read_text()
