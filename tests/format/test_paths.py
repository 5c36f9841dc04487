"""Where things lie in git, and under which name they are published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tufline.repository.format import (
    RoleName,
    artifact_of_path,
    artifact_path,
    historic_root_path,
    historic_root_version,
    metadata_path,
    published_artifact_name,
    published_metadata_name,
    role_of_path,
)

NAMES = st.from_regex(r"[A-Za-z0-9_@+][A-Za-z0-9_@+.-]{0,20}", fullmatch=True).map(RoleName)


@given(NAMES)
def test_role_and_path_belong_together(role: RoleName) -> None:
    assert metadata_path(role) == f"metadata/{role}.json"
    assert role_of_path(metadata_path(role)) == role


@pytest.mark.parametrize(
    "path",
    [
        "",
        "root.json",
        "metadata/",
        "metadata/root",
        "metadata/.json",
        "metadata/..json",
        "metadata/../root.json",
        "metadata/../../x.json",
        "metadata//root.json",
        "metadata/root_history/1.root.json",
        "metadata/.signing-event-state",
        "metadata/-x.json",
        "metadata/a b.json",
        "metadata/root.json\n",
        "metadata/r\u043eot.json",
        "metadata/root.JSON",
        "Metadata/root.json",
        "x/metadata/root.json",
        "targets/metadata/root.json",
        "metadata/\udcff.json",
    ],
)
def test_path_of_no_role(path: str) -> None:
    assert role_of_path(path) is None


def test_role_name_may_hold_dots() -> None:
    assert role_of_path("metadata/registry.example.org.json") == "registry.example.org"
    assert role_of_path("metadata/root.json.json") == "root.json"


@given(st.integers(1, 999_999_999))
def test_historic_root_and_path_belong_together(version: int) -> None:
    assert historic_root_path(version) == f"metadata/root_history/{version}.root.json"
    assert historic_root_version(historic_root_path(version)) == version


@pytest.mark.parametrize(
    "name",
    [
        "0.root.json",
        "01.root.json",
        "-1.root.json",
        "1root.json",
        "1.root.json~",
        "1.root.json\n",
        "1.targets.json",
        ".root.json",
        "\u0661.root.json",  # an Arabic-Indic digit, which `int` would read
        "1234567890.root.json",
        "x/1.root.json",
        "root.json",
    ],
)
def test_no_historic_root(name: str) -> None:
    assert historic_root_version(f"metadata/root_history/{name}") is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_artifact_and_path_belong_together(artifact: str) -> None:
    assert artifact_of_path(artifact_path(artifact)) == artifact


@pytest.mark.parametrize("path", ["targets", "target/x", "Targets/x", "x/targets/y", "", "/"])
def test_path_of_no_artifact(path: str) -> None:
    assert artifact_of_path(path) is None


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("root", "7.root.json"),
        ("targets", "7.targets.json"),
        ("snapshot", "7.snapshot.json"),
        ("timestamp", "timestamp.json"),
        ("registry.example.org", "7.registry.example.org.json"),
        ("@scope+1", "7.%40scope%2B1.json"),
    ],
)
def test_published_name_of_metadata(role: str, name: str) -> None:
    assert published_metadata_name(RoleName(role), 7) == name


@pytest.mark.parametrize(
    ("artifact", "name"),
    [("file", "ab.file"), ("npm/file.txt", "npm/ab.file.txt"), ("a/b/c", "a/b/ab.c")],
)
def test_published_name_of_an_artifact(artifact: str, name: str) -> None:
    assert published_artifact_name(artifact, "ab") == name
