"""tufline ci build and client-test: what is published, and what a client says of it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.commands.running import Ran, Terminal, expect_failure
from tests.support.pipeline import Pipeline
from tests.support.web import served

from tufline.repository.jobs.client_test import remote_of


@pytest.fixture
def site(pipeline: Pipeline, tufline: Terminal, server: Path, tmp_path: Path) -> Path:
    """Return a folder with what is published."""
    tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)
    folder = tmp_path / "site"
    assert tufline.at_now("ci", "build", "-C", server, "--judge", "--output", folder).code == 0
    return folder


@pytest.fixture
def url(site: Path) -> Iterator[str]:
    with served(site) as url:
        yield url


@pytest.fixture
def root(site: Path) -> Path:
    return site / "metadata/1.root.json"


def test_build_says_which_commit_it_is_of(
    site: Path, pipeline: Pipeline, tufline: Terminal, server: Path
) -> None:
    ran = tufline.at_now("ci", "build", "-C", server, "--judge", "--output", site)

    assert ran.answer["commit"] == pipeline.head("publish")
    assert ran.answer["written"] == 0


def test_client_project_names_url_root_and_artifacts(
    url: str, root: Path, tufline: Terminal
) -> None:
    where = ("--metadata-url", f"{url}metadata", "--root", root)

    ran = tufline.at_now("ci", "client-test", *where, "--artifact", "file.txt")

    assert ran.code == 0
    assert ran.answer == {
        "accepted": True,
        "versions": {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1},
        "artifacts": ["file.txt"],
        "reason": None,
    }


def test_inputs_of_the_action_come_by_the_environment(
    url: str, root: Path, tufline: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, summary = tmp_path / "output", tmp_path / "summary"
    for name, value in {
        "TUFLINE_METADATA_URL": f"{url}metadata/",
        "TUFLINE_TARGETS_URL": f"{url}targets",
        "TUFLINE_ROOT": "",
        "TUFLINE_ROOT_SHA256": hashlib.sha256(root.read_bytes()).hexdigest().upper(),
        "TUFLINE_ROOT_VERSION": "1",
        "TUFLINE_ARTIFACTS": "file.txt\n  no such file.txt  \n\n",
        "TUFLINE_PUBLISHED_URL": "",
        "TUFLINE_PUBLISHED_COMMIT": "publish",
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
    }.items():
        monkeypatch.setenv(name, value)

    ran = tufline.at_now("ci", "client-test")

    assert ran.code == 1
    assert ran.answer["artifacts"] == ["file.txt", "no such file.txt"]
    assert ran.answer["reason"] == "no role lists no such file.txt"
    assert output.read_text() == f"answer={ran.out}"
    assert summary.read_text() == (
        "### A client refuses the repository\n\n"
        "It trusts root 1, timestamp 1, snapshot 1, targets 1; artifacts tried: 2.\n\n"
        "    no role lists no such file.txt\n"
    )


def test_what_a_client_says_cannot_format_the_summary(
    url: str, root: Path, tufline: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    evil = "a\n# <b>@everyone</b>"
    where = ("--metadata-url", f"{url}metadata", "--root", root)

    assert tufline.at_now("ci", "client-test", *where, "--artifact", evil).code == 1

    (line,) = (line for line in summary.read_text().splitlines() if "everyone" in line)
    assert line.startswith("    no role lists a\\n#")


def test_own_repository_needs_only_the_url(
    url: str, pipeline: Pipeline, tufline: Terminal, server: Path
) -> None:
    assert url

    ran = tufline.at_now("ci", "client-test", "-C", server, "--published-url", url)

    assert (ran.code, ran.answer["accepted"]) == (0, True)
    listed = [path.removeprefix("targets/") for path in pipeline.main.files]
    assert ran.answer["artifacts"] == sorted(set(listed) & set(ran.answer["artifacts"]))
    assert "file.txt" in ran.answer["artifacts"]


def test_commit_that_is_published_counts_and_not_what_came_after(
    url: str, pipeline: Pipeline, tufline: Terminal, server: Path
) -> None:
    published = pipeline.head("publish")
    main = pipeline.main.copy()
    main.put("new.txt", b"new\n")
    pipeline.merge_by_force(main)
    tufline.at_now("ci", "online-sign", "-C", server)
    where = ("-C", server, "--published-url", url)

    assert not tufline.at_now("ci", "client-test", *where).answer["accepted"]
    at_commit = tufline.at_now("ci", "client-test", *where, "--published-commit", published)
    assert at_commit.answer["accepted"]


def test_client_says_that_the_repository_has_expired(
    url: str, root: Path, tufline: Terminal
) -> None:
    where = ("--metadata-url", f"{url}metadata", "--root", root)

    ran = tufline("ci", "client-test", *where, "--now", "2046-01-01")

    assert ran.code == 1
    assert ran.answer["reason"].startswith("ExpiredMetadataError: ")


def test_root_with_another_digest_is_refused(url: str, tufline: Terminal) -> None:
    ran = with_digest(tufline, url, "0" * 64)

    expect_failure(ran, "1.root.json has the SHA-256 ", "which is not the one given")


def test_root_that_is_not_there_is_named(url: str, tufline: Terminal) -> None:
    ran = with_digest(tufline, url, "0" * 64, "--root-version", "9")

    expect_failure(ran, f"{url}metadata/9.root.json: ")


def with_digest(tufline: Terminal, url: str, digest: str, *more: str) -> Ran:
    where = ("--metadata-url", f"{url}metadata")
    return tufline.at_now("ci", "client-test", *where, "--root-sha256", digest, *more)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--metadata-url", "http://127.0.0.1:1/"),
        ("--root-sha256", "0" * 64),
    ],
)
def test_half_of_what_is_needed_is_wrong_usage(
    tufline: Terminal, arguments: tuple[str, ...]
) -> None:
    ran = tufline("ci", "client-test", *arguments)

    assert ran.code == 2
    assert "give --metadata-url with --root or --root-sha256" in ran.err


def test_root_by_file_and_by_digest_is_wrong_usage(tufline: Terminal, tmp_path: Path) -> None:
    (tmp_path / "root.json").write_text("{}")
    roots = ("--root", tmp_path / "root.json", "--root-sha256", "0" * 64)

    assert tufline("ci", "client-test", "--metadata-url", "http://127.0.0.1:1/", *roots).code == 2


@pytest.mark.parametrize(
    ("metadata", "artifacts"),
    [
        ("https://a.example/metadata/", "https://a.example/targets/"),
        ("https://a.example/tuf/metadata", "https://a.example/tuf/targets/"),
        ("https://a.example", "https://a.example/targets/"),
        ("https://a.example/tuf/", "https://a.example/tuf/targets/"),
    ],
)
def test_artifacts_are_where_they_usually_are(metadata: str, artifacts: str) -> None:
    assert remote_of(metadata).artifacts_url == artifacts


def test_clients_of_the_settings_try_every_root_and_what_is_published(
    url: str,
    pipeline: Pipeline,
    tufline: Terminal,
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = pipeline.main.copy()
    main.edit("root")
    main.put("file.txt", b"two\n")
    pipeline.merge_by_force(main)
    tufline.at_now("ci", "online-sign", "-C", server)
    after, summary = tmp_path / "after", tmp_path / "summary"
    assert tufline.at_now("ci", "build", "-C", server, "--judge", "--output", after).code == 0
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    with served(after) as new:
        where = ("--published-url", new, "--from-url", url)
        ran = tufline.at_now("ci", "client-test", "-C", server, *where)

    assert ran.code == 0
    assert [(each["client"], each["start"], each["verdict"]) for each in ran.answer["trials"]] == [
        ("python-tuf", "new", "accepted"),
        ("python-tuf", "root 2", "accepted"),
        ("python-tuf", "published", "accepted"),
    ]
    assert summary.read_text().endswith(
        "\n| client | new | root 2 | published |\n| --- | --- | --- | --- |\n"
        "| python-tuf | accepted | accepted | accepted |\n"
    )


def test_one_client_that_refuses_is_enough(
    url: str, site: Path, pipeline: Pipeline, tufline: Terminal, server: Path
) -> None:
    assert pipeline.head("publish")
    for path in site.glob("targets/*.file.txt"):
        path.write_bytes(b"!" * path.stat().st_size)

    ran = tufline.at_now("ci", "client-test", "-C", server, "--published-url", url)

    assert (ran.code, ran.answer["accepted"]) == (1, False)
    (trial,) = ran.answer["trials"]
    assert trial["verdict"] == "rejected"
    assert trial["said"].startswith("download: LengthOrHashMismatchError: ")


def test_client_that_is_not_installed_stops_nothing(
    url: str, root: Path, tufline: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TUFLINE_CLIENTS", raising=False)
    monkeypatch.setenv("TUFLINE_CLIENT_NAMES", "tuftool\n\n")
    where = ("--metadata-url", f"{url}metadata", "--root", root)

    ran = tufline.at_now("ci", "client-test", *where)

    assert (ran.code, ran.answer["accepted"]) == (0, True)
    (trial,) = ran.answer["trials"]
    assert (trial["client"], trial["verdict"]) == ("tuftool", "inconclusive")
    assert trial["said"] == "is not installed: there is no tuftool"


def test_client_that_nobody_knows_is_named(url: str, root: Path, tufline: Terminal) -> None:
    where = ("--metadata-url", f"{url}metadata", "--root", root)

    ran = tufline.at_now("ci", "client-test", *where, "--client", "curl")

    expect_failure(ran, "no command for curl; bundled are python-tuf, ")
