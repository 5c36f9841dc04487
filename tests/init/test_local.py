"""What is said of the files in a clone."""

import pytest
from tests.workflows.linting import PIN

from tufline.repository.init import OnGitHub, Severity, check_files, workflows

EXPECTED = workflows(OnGitHub(pin=PIN))
OWNERS = ".github/CODEOWNERS"
GOOD = {**EXPECTED, "tufline.toml": b"", OWNERS: b"# all\n* @alice\n/metadata/\n"}
PUBLISH = ".github/workflows/publish.yml"


def remarks(existing: dict[str, bytes], problem: str | None = None) -> list[tuple[str, str]]:
    found = check_files(existing, EXPECTED, problem)
    assert len(found) == 7
    return [(each.severity.value, each.what) for each in found if each.severity != Severity.FINE]


def test_files_as_they_should_be_are_fine() -> None:
    assert remarks(GOOD) == []


def test_missing_files_are_named() -> None:
    assert len(remarks({})) == 7
    assert ("missing", f"{PUBLISH} is not in this folder") in remarks({})
    assert ("missing", "tufline.toml is not in this folder") in remarks({})


def test_changed_workflow_is_unsafe() -> None:
    changed = {**GOOD, PUBLISH: GOOD[PUBLISH].replace(b"contents: read", b"contents: write")}

    assert remarks(changed) == [
        ("unsafe", f"{PUBLISH} in this folder differs from what `tufline init` writes")
    ]


def test_settings_that_no_job_can_read_are_unsafe() -> None:
    assert remarks(GOOD, "tufline.toml: no") == [("unsafe", "tufline.toml: no")]


@pytest.mark.parametrize(
    "text", [b"", b"/.github/ @alice\n", b"# * @alice\n", b"*.yml @alice\n", b"*\n"]
)
def test_owners_of_some_files_only_are_unsafe(text: bytes) -> None:
    assert remarks({**GOOD, OWNERS: text}) == [
        ("unsafe", f"{OWNERS} in this folder leaves files without owners: no line `* @a`")
    ]


def test_folder_without_workflows_needs_no_owners() -> None:
    (settings,) = check_files({"tufline.toml": b""}, {}, None)

    assert settings.severity is Severity.FINE
