"""How a repository's workflows become ours, and what is said of those that cannot."""

import subprocess
from pathlib import Path

import pytest
from tests.init.theirs import FOLDER, ONLINE_SIGN, PUBLISH, theirs
from tests.workflows.linting import PIN, example

from tufline.repository.init import (
    SCHEDULES,
    OnGitHub,
    Pin,
    Upgrade,
    carry,
    pin,
    render,
    upgrade,
    workflows,
    write_files,
)
from tufline.repository.settings import parse_settings

SETTINGS = "tufline.toml"
CHECK = f"{FOLDER}check.yml"


def upgraded(existing: dict[str, bytes]) -> Upgrade:
    return upgrade(existing, carry(existing), PIN, ("@alice",))


def with_publish(old: str, new: str) -> dict[str, bytes]:
    assert old in PUBLISH
    return {**theirs(), f"{FOLDER}publish.yml": PUBLISH.replace(old, new).encode()}


# from tuf-on-ci


def test_owners_are_written_only_where_there_are_none() -> None:
    owners = ".github/CODEOWNERS"

    assert b"* @alice\n" in upgraded(theirs()).files[owners]
    assert owners not in upgraded({**theirs(), owners: b"* @bob\n"}).files


def test_where_clients_read_is_left_to_a_person() -> None:
    assert parse_settings(upgraded(theirs()).files[SETTINGS]).publish.url is None


def test_log_in_to_the_cloud_goes_over() -> None:
    text = upgraded(theirs()).files[f"{FOLDER}online-sign.yml"].decode()

    assert 'gcp-workload-identity-provider: "projects/1/providers/github"' in text
    assert 'gcp-service-account: "${{ vars.ACCOUNT }}"' in text
    assert "aws-region" not in text


def test_schedules_go_over_and_missing_ones_are_ours() -> None:
    carried = carry(theirs())

    assert carried.schedules["online-sign"] == ("5 2 * * *", "5 14 * * *")
    assert carried.schedules["create-signing-events"] == SCHEDULES["create-signing-events"]


@pytest.mark.parametrize(
    ("given", "folder"),
    [("'./'", "."), ("meta", "meta"), ("./meta/", "meta"), ("metadata/", "metadata")],
)
def test_metadata_stays_where_clients_find_it(given: str, folder: str) -> None:
    files = upgraded(with_publish("'./'", given)).files

    assert parse_settings(files[SETTINGS]).layout.metadata_dir == folder
    assert parse_settings(files[SETTINGS]).merge.maintainers == ("@alice",)


def test_metadata_path_that_is_not_given_is_theirs() -> None:
    assert carry(with_publish("metadata_path: './'", "")).metadata_dir == "metadata"


def test_all_five_workflows_are_written_and_theirs_that_remains_is_named() -> None:
    planned = upgraded(theirs())

    assert planned.files.keys() == {
        *workflows(OnGitHub(pin=PIN)),
        SETTINGS,
        ".github/CODEOWNERS",
    }
    assert planned.left == (
        ".github/workflows/test.yml (calls tuf-on-ci's actions: remove it once ours work)",
    )


def test_unknown_workflow_is_left_and_named() -> None:
    unknown = {f"{FOLDER}lint.yml": b"on: push\njobs: {}\n", f"{FOLDER}notes.txt": b"\xff"}

    assert upgraded({**theirs(), **unknown}).left[1:] == tuple(unknown)


def test_token_of_theirs_is_named_and_all_else_has_a_place() -> None:
    (line,) = upgraded(theirs()).lost

    assert line == (
        ".github/workflows/signing-event.yml: "
        "token: ${{ secrets.TUF_ON_CI_TOKEN || secrets.GITHUB_TOKEN }} "
        "(not needed: each job has its own; delete it)"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "          gh_pages: true\n",
            "          artifacts_path: files\n          gh_pages: true\n",
            "job main, artifacts_path: files (artifacts are published in targets)",
        ),
        (
            "          gh_pages: true\n",
            "",
            "job main, gh_pages: publishing is to GitHub Pages",
        ),
        (
            "          gh_pages: true\n",
            "          gh_pages: true\n          colour: blue\n",
            "job main, colour: blue",
        ),
        (
            "  deploy:\n",
            "  gcs:\n    uses: ./.github/workflows/gcs.yml\n  deploy:\n",
            "job gcs calls ./.github/workflows/gcs.yml",
        ),
        (
            "    steps:\n      - uses: actions/deploy",
            "    steps:\n      - run: |\n          make\n          x\n      - uses: actions/deploy",
            "job deploy, step: make",
        ),
        (
            "    steps:\n      - uses: actions/deploy",
            "    steps:\n      - uses: some/action@v1\n      - uses: actions/deploy",
            "job deploy, step: some/action@v1",
        ),
    ],
)
def test_what_has_no_place_is_named(old: str, new: str, said: str) -> None:
    lost = upgraded(with_publish(old, new)).lost

    assert f".github/workflows/publish.yml: {said}" in lost


@pytest.mark.parametrize("data", [b"\xff", b"a: [", b"[]", b"on: push\n", b"on: push\njobs: [1]\n"])
def test_file_that_is_no_workflow_is_named_and_replaced(data: bytes) -> None:
    planned = upgraded({**theirs(), f"{FOLDER}publish.yml": data})

    assert [line for line in planned.lost if "publish.yml: cannot be read: " in line]
    assert f"{FOLDER}publish.yml" in planned.files


def test_settings_that_are_there_stay() -> None:
    planned = upgraded({**theirs(), SETTINGS: b"[merge]\n"})

    assert SETTINGS not in planned.files
    assert planned.lost[-1] == "tufline.toml stays: see that metadata-dir in it is '.'"


# from an older one of ours


def written_before(**chosen: object) -> dict[str, bytes]:
    old = Pin(repository="our/fork", commit="f" * 40)
    host = OnGitHub(pin=old, **chosen)  # type: ignore[arg-type]
    return {**workflows(host), SETTINGS: b""}


def test_own_workflows_get_the_new_pin_and_nothing_else() -> None:
    chosen = {
        "app": True,
        "secrets": ("SLACK_URL", "HEARTBEAT_URL"),
        "online_sign": {"aws-region": "eu-1", "aws-role-to-assume": "role"},
        "schedules": {**SCHEDULES, "check": ("1 * * * *",)},
    }
    existing = written_before(**chosen)

    planned = upgraded(existing)

    assert planned.lost == planned.left == ()
    removed = [line for line in planned.diff.splitlines() if line.startswith("-      ")]
    assert removed
    assert all("our/fork/actions/" in line for line in removed)


def with_variables(text: bytes) -> dict[str, bytes]:
    """Return workflows of ours in which somebody wrote an `env` for the last step of check."""
    files = written_before()
    files[CHECK] += b"        env:\n" + text
    return files


def test_secrets_that_somebody_gave_to_one_job_go_over_to_all_that_tell_people() -> None:
    planned = upgraded(with_variables(b"          SLACK_URL: ${{ secrets.SLACK_URL }}\n"))

    assert planned.lost == ()
    telling = {path for path, data in planned.files.items() if b"secrets.SLACK_URL" in data}
    assert telling == {CHECK, f"{FOLDER}signing-event.yml", f"{FOLDER}online-sign.yml"}
    assert all(b"environment: tufline" in planned.files[path] for path in telling)


@pytest.mark.parametrize(
    "line", ["OTHER: ${{ secrets.SLACK_URL }}", "SLACK_URL: ${{ vars.SLACK_URL }}", "A: text"]
)
def test_other_variables_are_named(line: str) -> None:
    planned = upgraded(with_variables(f"          {line}\n".encode()))

    assert planned.lost == (f"{CHECK}: job check, env {line}",)


def test_own_workflows_of_the_same_pin_are_left_alone() -> None:
    existing = dict(render(example()))

    planned = upgraded(existing)

    assert (planned.files, planned.diff, planned.lost) == ({}, "", ())


def test_pin_in_use_is_found_unless_it_is_a_tag() -> None:
    existing = written_before()
    assert carry(existing).pin == pin("our/fork@" + "f" * 40)

    tagged = {path: data.replace(b"f" * 40, b"v1") for path, data in existing.items()}
    assert carry(tagged).pin is None
    assert carry(theirs()).pin is None


# the difference


def test_difference_is_one_that_git_applies(tmp_path: Path) -> None:
    existing = {**theirs(), f"{FOLDER}publish.yml": PUBLISH.encode()}
    planned = upgraded(existing)
    write_files(tmp_path, existing)

    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=planned.diff.encode(), check=True)

    for path, data in planned.files.items():
        assert (tmp_path / path).read_bytes() == data
    assert (tmp_path / FOLDER / "test.yml").read_bytes() == theirs()[f"{FOLDER}test.yml"]


def test_difference_shows_what_goes_and_what_comes() -> None:
    diff = upgraded(theirs()).diff.splitlines()

    assert "-          gcp_service_account: ${{ vars.ACCOUNT }}" in diff
    assert '+          gcp-service-account: "${{ vars.ACCOUNT }}"' in diff
    assert "--- /dev/null" in diff
    assert "+++ b/.github/workflows/check.yml" in diff
    assert ONLINE_SIGN.splitlines()[0] == "on:"
