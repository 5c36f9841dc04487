"""tufline init: what it writes, and what it leaves alone."""

import json
import os
from pathlib import Path

import pytest
from tests.commands.running import Terminal, expect_failure
from tests.init.theirs import theirs
from tests.workflows.linting import PIN

from tufline.repository.init import write_files

PINNED = ("--actions", f"{PIN.repository}@{PIN.commit}")
NEW = ("--name", "example/tuf", "--maintainers", "@Alice,@bob", *PINNED)


def snapshot(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_new_folder_gets_all_files_and_a_second_time_nothing(
    tufline: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "new"

    first = tufline("init", folder, *NEW)
    files = snapshot(folder)
    second = tufline("init", folder, *NEW)

    assert (first.code, second.code) == (0, 0)
    assert "wrote  .github/workflows/online-sign.yml\n" in first.out
    assert b'maintainers = ["@alice", "@bob"]' in files["tufline.toml"]
    assert snapshot(folder) == files
    assert "wrote" not in second.out
    assert "same   tufline.toml\n" in second.out


def test_file_that_is_there_is_kept_and_named(tufline: Terminal, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("ours\n")

    ran = tufline("init", tmp_path, *NEW)

    assert ran.code == 0
    assert (tmp_path / "README.md").read_text() == "ours\n"
    assert "kept   README.md: it differs from what a new folder gets\n" in ran.out
    assert (tmp_path / "tufline.toml").is_file()


def test_server_gets_scripts_that_run(tufline: Terminal, tmp_path: Path) -> None:
    ran = tufline("init", tmp_path, "--forge", "bare", "--name", "our updates")

    assert ran.code == 0
    assert "go on as README.md says" in ran.out
    for script in ("tick", "post-receive"):
        assert os.access(tmp_path / "server" / script, os.X_OK)
    assert not os.access(tmp_path / "server/nginx.conf", os.X_OK)


def test_without_a_pin_the_commit_of_this_installation_is_used(
    tufline: Terminal, tmp_path: Path
) -> None:
    ran = tufline("init", tmp_path, *NEW[:4])

    assert ran.code == 0
    text = (tmp_path / ".github/workflows/check.yml").read_text()
    commit = text.partition("tufline/tufline/actions/check@")[2].split()[0]
    assert len(commit) == 40


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the repository"),
        (("--name", "tuf", "--maintainers", "@a"), "'tuf' is no name on GitHub"),
        (("--name", "a/b\nc", "--maintainers", "@a"), "name the repository"),
        (("--name", "a/b"), "say who approves what nobody signs"),
        (("--name", "a/b", "--maintainers", "alice"), "alice"),
        (("--name", "a/b", "--secrets", "A,b"), "'b' cannot be the name of a secret"),
        (("--name", "a/b", "--secrets", "GITHUB_TOKEN"), "'GITHUB_TOKEN' cannot be"),
        (("--name", "a/b", "--secrets", ""), "'' cannot be"),
        (("--check", "--upgrade"), "use --check or --upgrade, not both"),
    ],
)
def test_wrong_usage(
    tufline: Terminal, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = tufline("init", tmp_path / "new", *arguments)

    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--actions", "tufline/tufline@v1"), "pins no actions"),
        (("--metadata-dir", "../x"), "metadata cannot be published in '../x'"),
    ],
)
def test_what_cannot_be_is_refused(
    tufline: Terminal, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    expect_failure(tufline("init", tmp_path / "new", *NEW, *arguments), said)

    assert not (tmp_path / "new").exists()


SECRETS = ("--secrets", "SLACK_URL, HEARTBEAT_URL")


def test_jobs_that_tell_people_get_the_secrets_that_are_named(
    tufline: Terminal, tmp_path: Path
) -> None:
    assert tufline("init", tmp_path, *NEW, *SECRETS).code == 0

    for name in ("check", "signing-event"):
        text = (tmp_path / f".github/workflows/{name}.yml").read_text()
        given = [line.partition(" #")[0].strip() for line in text.splitlines()[-2:]]
        assert given == [
            f"{each}: ${{{{ secrets.{each} }}}}" for each in ("SLACK_URL", "HEARTBEAT_URL")
        ]


def test_secrets_are_kept_by_an_upgrade_and_changed_by_one_that_names_others(
    tufline: Terminal, tmp_path: Path
) -> None:
    tufline("init", tmp_path, *NEW, *SECRETS)

    kept = tufline("init", tmp_path, "--upgrade", *PINNED)
    changed = tufline("init", tmp_path, "--upgrade", *PINNED, "--secrets", "MAIL_PASSWORD")

    assert "all workflows are as they should be" in kept.out
    assert "+          MAIL_PASSWORD: ${{ secrets.MAIL_PASSWORD }}\n" in changed.out
    assert "-          SLACK_URL: ${{ secrets.SLACK_URL }}\n" in changed.out


# --upgrade


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return the folder of a repository that was made for tuf-on-ci."""
    folder = tmp_path / "theirs"
    write_files(folder, theirs())
    return folder


def test_upgrade_shows_and_writes_nothing(tufline: Terminal, repository: Path) -> None:
    before = snapshot(repository)

    ran = tufline("init", repository, "--upgrade", *PINNED)

    assert ran.code == 0
    assert '+          gcp-service-account: "${{ vars.ACCOUNT }}"\n' in ran.out
    assert "no place in the new files; look after these:\n  .github/workflows/sig" in ran.out
    assert "left as they are:\n  .github/workflows/test.yml" in ran.out
    assert ran.out.endswith("nothing was written; run again with --yes to write it\n")
    assert snapshot(repository) == before


def test_upgrade_writes_when_asked_and_is_done_then(tufline: Terminal, repository: Path) -> None:
    ran = tufline("init", repository, "--upgrade", "--yes", *PINNED)
    files = snapshot(repository)
    again = tufline("init", repository, "--upgrade", "--yes", *PINNED)

    assert "wrote 6 files; look at `git diff`, then commit\n" in ran.out
    assert b"tufline/tufline/actions/online-sign@" in files[".github/workflows/online-sign.yml"]
    assert files[".github/workflows/test.yml"] == theirs()[".github/workflows/test.yml"]
    assert again.out.endswith("all workflows are as they should be\n")
    assert snapshot(repository) == files


def test_folder_without_workflows_cannot_be_upgraded(tufline: Terminal, tmp_path: Path) -> None:
    expect_failure(tufline("init", tmp_path, "--upgrade", *PINNED), "has no workflow that")


# --check of a folder alone; what is on GitHub is checked in tests/forge/github


def test_check_of_a_server_repository_looks_at_its_settings(
    tufline: Terminal, tmp_path: Path
) -> None:
    missing = tufline("init", tmp_path, "--check", "--forge", "bare")
    (tmp_path / "tufline.toml").write_text("[merge]\nmaintainer = 3\n")
    wrong = tufline("init", tmp_path, "--check", "--forge", "bare", "--json")
    (tmp_path / "tufline.toml").write_text("")
    fine = tufline("init", tmp_path, "--check", "--forge", "bare")

    assert (missing.code, wrong.code, fine.code) == (1, 1, 0)
    assert missing.out.startswith("missing  tufline.toml is not in this folder\n         why: ")
    (remark,) = json.loads(wrong.out)
    assert remark["severity"] == "unsafe"
    assert "merge.maintainer" in remark["what"]
    assert fine.out == "fine     tufline.toml in this folder can be read\n"


def test_check_on_github_needs_to_know_which_repository(
    tufline: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)

    ran = tufline("init", tmp_path, "--check", *PINNED)

    assert ran.code == 2
    assert "say which repository on GitHub: --name OWNER/NAME" in ran.err
