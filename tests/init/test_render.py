"""What a new repository is made of."""

import subprocess
import tomllib
from dataclasses import replace

import pytest
from ruamel.yaml import YAML
from tests.workflows.linting import PIN, example

from tufline.repository.format import owner
from tufline.repository.init import (
    InvalidPin,
    OnGitHub,
    OnServer,
    Options,
    pin,
    render,
    workflows,
)
from tufline.repository.settings import parse_settings

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SERVER = Options(name="example", host=OnServer(), maintainers=("@alice",))


def test_repository_on_github() -> None:
    assert list(render(example())) == [
        ".gitattributes",
        ".github/CODEOWNERS",
        ".github/ISSUE_TEMPLATE/artifact-change.yml",
        ".github/ISSUE_TEMPLATE/config.yml",
        ".github/ISSUE_TEMPLATE/problem.yml",
        ".github/dependabot.yml",
        ".github/pull_request_template.md",
        ".github/workflows/check.yml",
        ".github/workflows/create-signing-events.yml",
        ".github/workflows/online-sign.yml",
        ".github/workflows/publish.yml",
        ".github/workflows/signing-event.yml",
        ".gitignore",
        "README.md",
        "tufline.toml",
    ]


def test_repository_on_a_server() -> None:
    assert list(render(SERVER)) == [
        ".gitattributes",
        ".gitignore",
        "README.md",
        "server/nginx-cache.conf",
        "server/nginx.conf",
        "server/post-receive",
        "server/tick",
        "server/tufline-tick.service",
        "server/tufline-tick.timer",
        "tufline.toml",
    ]


def test_files_are_the_same_each_time() -> None:
    assert render(example()) == render(example())


@pytest.mark.parametrize("options", [example(), SERVER])
def test_nothing_of_a_template_is_left_and_lines_end(options: Options) -> None:
    for path, data in render(options).items():
        text = data.decode()
        assert "[[" not in text, path
        assert "[%" not in text, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert max(map(len, text.splitlines())) <= 130, path


def test_settings_say_what_was_chosen() -> None:
    settings = parse_settings(render(example(metadata_dir="."))["tufline.toml"])

    assert settings.layout.metadata_dir == "."
    assert settings.merge.maintainers == ("@alice", "@bob")
    assert not settings.merge.at_threshold
    assert settings.publish.production is None


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("Octo/Tuf", "https://octo.github.io/Tuf/"),
        ("Octo/octo.github.io", "https://octo.github.io/"),
    ],
)
def test_clients_read_where_pages_shows_the_repository(name: str, url: str) -> None:
    options = replace(example(), name=name)

    assert parse_settings(render(options)["tufline.toml"]).publish.url == url


def test_server_publishes_to_the_folders_that_its_web_server_shows() -> None:
    files = render(SERVER)
    settings = parse_settings(files["tufline.toml"])

    assert settings.publish.staging == "/srv/tuf/staging"
    assert settings.publish.production == "/srv/tuf/production"
    assert b"root /srv/tuf/production;" in files["server/nginx.conf"]


@pytest.mark.parametrize(
    ("metadata_dir", "timestamp"),
    [(".", "/timestamp.json"), ("metadata", "/metadata/timestamp.json")],
)
def test_web_server_keeps_the_timestamp_out_of_caches(metadata_dir: str, timestamp: str) -> None:
    options = Options(name="example", host=OnServer(), metadata_dir=metadata_dir)

    assert f"location = {timestamp} {{".encode() in render(options)["server/nginx.conf"]


def test_maintainers_own_everything_but_what_signing_events_change() -> None:
    lines = render(example())[".github/CODEOWNERS"].decode().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == [
        "* @alice @bob",
        "/metadata/",
        "/targets/",
    ]


def test_workflows_call_our_actions_at_the_pin() -> None:
    data = workflows(OnGitHub(pin=PIN))[".github/workflows/check.yml"]

    assert f"uses: tufline/tufline/actions/check@{COMMIT} # v0.1.0\n".encode() in data


def test_cloud_and_schedule_are_quoted() -> None:
    schedules = dict.fromkeys(OnGitHub(pin=PIN).schedules, ("1 2 * * *", "3 4 * * *"))
    service = 'a: "b" # ${{ vars.X }}'
    host = OnGitHub(pin=PIN, schedules=schedules, online_sign={"gcp-service-account": service})

    tree = YAML(typ="safe", pure=True).load(workflows(host)[".github/workflows/online-sign.yml"])

    assert [each["cron"] for each in tree["on"]["schedule"]] == ["1 2 * * *", "3 4 * * *"]
    given = tree["jobs"]["online-sign"]["steps"][-1]["with"]
    assert given["gcp-service-account"] == service


def test_scripts_are_shell() -> None:
    scripts = [data for data in render(SERVER).values() if data.startswith(b"#!/bin/sh\n")]

    assert len(scripts) == 2
    for script in scripts:
        assert subprocess.run(["sh", "-n"], input=script, check=False).returncode == 0


def test_app_is_used_only_where_main_alone_may_have_its_key() -> None:
    for path, data in workflows(OnGitHub(pin=PIN, app=True)).items():
        jobs = YAML(typ="safe", pure=True).load(data)["jobs"]
        for name, job in jobs.items():
            with_key = "secrets." in str(job)
            assert with_key == (job.get("environment") == "tufline"), (path, name)
            assert not with_key or name in {"signing-event", "create-signing-events", "tell"}


@pytest.mark.parametrize(
    "text",
    [
        "tufline/tufline@main",
        "tufline/tufline@v1.2.3",
        f"tufline@{COMMIT}",
        f"tufline/tufline@{COMMIT[:-1]}",
        f"tufline/tufline@{COMMIT}\n",
        f"tufline/tufline@{COMMIT.upper()}",
        f"a/b/c@{COMMIT}",
        "",
    ],
)
def test_only_a_full_commit_pins(text: str) -> None:
    with pytest.raises(InvalidPin):
        pin(text)


def test_names_in_settings_are_those_that_metadata_may_hold() -> None:
    tree = tomllib.loads(render(example())["tufline.toml"].decode())

    assert [owner(name) for name in tree["merge"]["maintainers"]] == ["@alice", "@bob"]
