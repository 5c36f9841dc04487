"""What the manuals name is there: commands, options, permissions, secrets, inputs, links."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Final

import click
import pytest
from ruamel.yaml import YAML
from tests.e2e.manuals import ROOT, Manual, manual, pages
from tests.support.act._workflow import FOLDER, parse_workflow
from tests.workflows.linting import example

from tufline.repository.commands import tufline
from tufline.repository.init import render
from tufline.repository.jobs._endings import _KEYS as PROBLEM_KEYS
from tufline.repository.jobs.watch import DEPLOYED, EVERY
from tufline.repository.project import HOME
from tufline.repository.settings import parse_settings
from tufline.repository.status import Ladder, Rung

PAGES: Final = pages()
_NAMES: Final = [str(page.path.relative_to(ROOT)) for page in PAGES]
_SETTING: Final = re.compile(r"\[(\w+)\]`")
_OURS: Final = f"{HOME}/actions/"
_LONGEST: Final = 250  # lines: more is another manual


def option_names(command: click.Command) -> set[str]:
    named = (each.opts + each.secondary_opts for each in command.params)
    return {"--help", *chain.from_iterable(named)}


def unknown_words(words: list[str]) -> Iterator[str]:
    """Yield what `tufline` does not know of a command that a manual shows."""
    command: click.Command = tufline
    for word in words[1:]:
        if word.startswith("-"):
            name = word.partition("=")[0]
            if name not in option_names(command) | option_names(tufline):
                yield f"{shown(words)}: no option {name}"
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                yield f"{shown(words)}: no command {word}"
                return
            command = found


def shown(words: list[str]) -> str:
    return " ".join(words)


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_commands_and_options_that_a_page_names_are_there(page: Manual) -> None:
    assert list(chain.from_iterable(map(unknown_words, page.commands()))) == []


def test_unknown_commands_and_options_would_be_seen() -> None:
    assert list(unknown_words(["tufline", "ci", "sign"])) == ["tufline ci sign: no command sign"]
    assert list(unknown_words(["tufline", "sign", "--fast"])) == [
        "tufline sign --fast: no option --fast"
    ]
    assert list(unknown_words(["tufline", "sign", "sign/x", "--yes"])) == []


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_links_lead_somewhere(page: Manual) -> None:
    for path, anchor in page.links():
        target = page.linked(path)
        assert target.path.exists(), path
        assert not anchor or anchor in target.anchors(), f"{path}#{anchor}"


@pytest.mark.parametrize(
    "name",
    [
        *("operator.md", "maintainer.md", "client-ci.md"),
        *("alerting.md", "cdn.md", "clouds.md"),
    ],
)
def test_manuals_stay_short(name: str) -> None:
    assert len(manual(name).text.splitlines()) <= _LONGEST


# the operator's tables


def table(name: str, *heading: str) -> list[list[str]]:
    """Return the rows of the table that begins like this, with cells that repeat filled in."""
    (found,) = (each for each in manual(name).tables() if each[0][: len(heading)] == [*heading])
    rows: list[list[str]] = []
    for row in found[1:]:
        rows.append([cell or rows[-1][at] for at, cell in enumerate(row)])
    return rows


def test_each_permission_is_in_the_table_as_the_workflows_have_it() -> None:
    told = {
        (*(cell.strip("`") for cell in row[:2]), *permission.strip("`").split(": "))
        for row in table("operator.md", "workflow", "job", "permission")
        for permission in row[2].split(", ")
    }

    assert told == {
        (workflow.file.removesuffix(".yml"), job, permission, level)
        for workflow in map(as_workflow, workflow_files())
        for job in workflow.jobs
        for permission, level in workflow.jobs[job]["permissions"].items()
    }


def workflow_files() -> list[tuple[str, bytes]]:
    files = render(example(app=True))
    return [(path, data) for path, data in files.items() if path.startswith(FOLDER)]


def as_workflow(file: tuple[str, bytes]) -> Any:  # noqa: ANN401 - the harness's
    return parse_workflow(file[0], "0" * 40, file[1])


def test_every_workflow_begins_without_permissions() -> None:
    assert all(as_workflow(file).content["permissions"] == {} for file in workflow_files())


def test_each_secret_and_variable_of_the_workflows_is_told() -> None:
    used = set(re.findall(rb"(?:secrets|vars)\.(\w+)", b"".join(dict(workflow_files()).values())))
    told = " ".join(row[0] for row in table("operator.md", "secret or variable"))

    assert {name.decode() for name in used} | {"GITHUB_TOKEN"} <= set(re.findall(r"\w+", told))


def test_app_may_what_the_jobs_that_act_as_it_may() -> None:
    acting = [file for file in workflow_files() if b"app-private-key" in file[1]]
    asked = {
        permission
        for workflow in map(as_workflow, acting)
        for job in workflow.jobs.values()
        if "app-private-key" in str(job)
        for permission in job["permissions"]
    }

    text = manual("operator.md").text.partition("### A GitHub App")[2].partition("No webhook")[0]
    told = {name for name in asked if name.replace("-", " ") in " ".join(text.lower().split())}

    assert asked == told


def test_logins_to_clouds_are_inputs_of_the_action() -> None:
    inputs = action("online-sign")["inputs"]
    rows = table("operator.md", "cloud", "URI of the key")
    told = [name for row in rows for name in re.findall(r"`([^`]*)`", row[2])]

    assert told == [name for name in inputs if name.startswith(("gcp-", "aws-", "azure-"))]


# alerting.md


def test_each_problem_that_is_watched_for_has_a_next_step() -> None:
    told = " ".join(row[0] for row in table("alerting.md", "key", "means"))

    for key in (DEPLOYED, *EVERY, *PROBLEM_KEYS.values(), "online-keys", "signing-event", "record"):
        assert f"`{key}`" in told, key


def test_ladder_is_as_it_is_told() -> None:
    shares = {"remind": Rung.REMIND, "warn": Rung.WARN, "page": Rung.PAGE}
    words = {Rung.REMIND: "half", Rung.WARN: "quarter", Rung.PAGE: "tenth"}
    parts = {"half": 1 / 2, "quarter": 1 / 4, "tenth": 1 / 10}
    period, now = timedelta(days=60), datetime(2026, 3, 2, tzinfo=UTC)

    for row in table("alerting.md", "rung", "begins when there is left"):
        rung = shares[row[0]]
        left = period * parts[words[rung]]
        assert words[rung] in row[1]
        assert f"{left.days} " in row[1]
        reached = Ladder().rung(expires=now + left, starts=now + left - period, now=now)
        before = Ladder().rung(
            expires=now + left + timedelta(hours=1),
            starts=now + left + timedelta(hours=1) - period,
            now=now,
        )
        assert (before < reached) is (reached is rung), row


# client-ci.md


def action(name: str) -> Any:  # noqa: ANN401 - YAML
    return YAML(typ="safe").load((ROOT / "actions" / name / "action.yml").read_text())


def test_example_for_clients_gives_inputs_that_the_action_has() -> None:
    (block,) = manual("client-ci.md").blocks("yaml")
    steps = YAML(typ="safe").load(block.text)["jobs"]["tuf"]["steps"]
    (ours,) = (step for step in steps if step["uses"].startswith(_OURS))

    assert ours["uses"] == f"{_OURS}client-test@COMMIT"
    assert set(ours["with"]) <= set(action("client-test")["inputs"])


def test_each_input_for_clients_is_told() -> None:
    rows = table("client-ci.md", "input", "what")
    told = [name for row in rows for name in re.findall(r"`([^`]*)`", row[0])]

    assert sorted(told) == sorted(action("client-test")["inputs"])


# settings


def test_example_of_all_settings_can_be_read() -> None:
    text = manual("settings.md").blocks("toml")[0].text

    assert parse_settings(text.encode()).watch.heartbeat_variable


@pytest.mark.parametrize("name", ["operator.md", "maintainer.md"])
def test_sections_of_settings_that_a_manual_names_are_there(name: str) -> None:
    known = tomllib.loads(manual("settings.md").blocks("toml")[0].text)

    named = set(_SETTING.findall(manual(name).text))

    assert named
    assert named <= set(known)
