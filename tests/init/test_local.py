"""What is said of the files in a clone."""

from tests.workflows.linting import PIN

from tufline.repository.init import OnGitHub, Severity, check_files, workflows

EXPECTED = workflows(OnGitHub(pin=PIN))
GOOD = {**EXPECTED, "tufline.toml": b""}
PUBLISH = ".github/workflows/publish.yml"


def remarks(existing: dict[str, bytes], problem: str | None = None) -> list[tuple[str, str]]:
    found = check_files(existing, EXPECTED, problem)
    assert len(found) == 6
    return [(each.severity.value, each.what) for each in found if each.severity != Severity.FINE]


def test_files_as_they_should_be_are_fine() -> None:
    assert remarks(GOOD) == []


def test_missing_files_are_named() -> None:
    assert len(remarks({})) == 6
    assert ("missing", f"{PUBLISH} is not in this folder") in remarks({})
    assert ("missing", "tufline.toml is not in this folder") in remarks({})


def test_changed_workflow_is_unsafe() -> None:
    changed = {**GOOD, PUBLISH: GOOD[PUBLISH].replace(b"contents: read", b"contents: write")}

    assert remarks(changed) == [
        ("unsafe", f"{PUBLISH} in this folder differs from what `tufline init` writes")
    ]


def test_settings_that_no_job_can_read_are_unsafe() -> None:
    assert remarks(GOOD, "tufline.toml: no") == [("unsafe", "tufline.toml: no")]
