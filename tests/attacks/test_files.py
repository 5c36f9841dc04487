"""Files that an event has no business with, or that are not what their names say."""

import pytest
from tests.attacks.attack import errors, refusals, repository
from tests.support.delegating import delegate
from tests.support.judging import judge, judge_whole, places, verdict
from tests.support.sample import Sample
from tuf.api.metadata import TargetFile

from tufline.repository.state import LARGEST_ROOT, LARGEST_TARGETS, Kind


def event_with(path: str, data: bytes = b"x", kind: Kind = Kind.FILE) -> Sample:
    event = repository()
    event.files[path] = data
    event.kinds[path] = kind
    return event


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/online-sign.yml",
        ".github/actions/x/action.yml",
        ".gitattributes",
        ".gitmodules",
        ".git/hooks/post-checkout",
        "tufline.toml",
        ".tufline-sign.toml",
        ".tuf-on-ci-sign.ini",
        "conftest.py",
        "metadata",
        "metadata/../x.json",
        "metadata/../.github/workflows/x.yml",
        "metadata/sub/targets.json",
        "metadata/root_history/3.root.json.bak",
        "metadata/root_history/../root.json",
        "metadata/r\u043eot.json",  # a Cyrillic o
        "metadata/root\u200b.json",
        "Metadata/root.json",
        "targets",
        "../../etc/passwd",
        "/etc/passwd",
    ],
)
def test_file_outside_the_repository_s_own_is_added(path: str) -> None:
    found = judge(repository(), event_with(path))
    assert verdict(found) == "refused"
    assert any(rule in errors(found) for rule in ("unclaimed-path", "root-history"))


def test_the_settings_are_changed() -> None:
    base = event_with("tufline.toml", b"[repository]\n")
    event = base.copy()
    event.files["tufline.toml"] = b"# no rules\n"
    assert errors(judge(base, event)) == {"unclaimed-path"}
    del event.files["tufline.toml"]
    assert errors(judge(base, event)) == {"unclaimed-path"}


@pytest.mark.parametrize(
    "artifact",
    [
        "../x",
        "npm/../../x",
        "npm/../file.txt",
        "./file.txt",
        "npm//x",
        "/etc/passwd",
        ".git/config",
        "npm/.git/hooks/pre-push",
        ".gitattributes",
        "npm/.gitattributes",
        "..\\..\\x",
        "npm/x%2f..%2fy",
        "npm/a\nb",
        "npm/\u202etxt.exe",
        "npm/\udcff",
    ],
)
def test_artifact_has_a_name_that_leads_elsewhere(artifact: str) -> None:
    assert "path-name" in refusals(repository(), event_with(f"targets/{artifact}"))


@pytest.mark.parametrize("artifact", ["../x", "/etc/passwd", "npm/../../../../../x"])
def test_metadata_lists_an_artifact_that_leads_elsewhere(artifact: str) -> None:
    base = repository()
    event = base.copy()
    listed = TargetFile.from_data(artifact, b"x", ["sha256"])
    event.edit("npm", lambda npm: npm.targets.update({artifact: listed}))
    event.files[f"targets/{artifact}"] = b"x"
    assert {"path-name", "artifact-delegation"} <= refusals(base, event)


@pytest.mark.parametrize("kind", [Kind.SYMLINK, Kind.SUBMODULE])
@pytest.mark.parametrize(
    "path", ["targets/npm/passwd", "targets/file.txt", "metadata/npm.json", "metadata/root.json"]
)
def test_file_is_a_link_or_a_submodule(path: str, kind: Kind) -> None:
    assert "path-kind" in refusals(repository(), event_with(path, b"/etc/passwd", kind))


@pytest.mark.parametrize("folder", ["metadata", "targets", "metadata/root_history"])
def test_folder_is_a_link(folder: str) -> None:
    base = repository()
    event = base.copy()
    for path in list(event.files):
        if path.startswith(f"{folder}/"):
            del event.files[path]
    event.files[folder], event.kinds[folder] = b"/tmp", Kind.SYMLINK
    assert "path-kind" in refusals(base, event)


@pytest.mark.parametrize("name", ["snapshot", "timestamp"])
def test_online_metadata_is_brought_along(name: str) -> None:
    base = repository()
    event = base.copy()
    event.sign_online()
    assert f"error metadata/{name}.json" in places(judge(base, event), "online-metadata")


def test_role_is_named_like_another_to_the_eye() -> None:
    base = repository()
    event = base.copy()
    delegate(event, "NPM", ["NPM/*"], {"NPM/keys.json": b"x"})
    assert "path-collision" in refusals(base, event)


def test_orphan_of_a_role_waits_for_a_delegation() -> None:
    base = repository()
    event = base.copy()
    event.files["metadata/pypi.json"] = event.files["metadata/npm.json"]
    assert errors(judge(base, event)) == {"orphan-file"}


@pytest.mark.parametrize(("role", "largest"), [("root", LARGEST_ROOT), ("npm", LARGEST_TARGETS)])
def test_metadata_is_huge(role: str, largest: int) -> None:
    event = event_with(f"metadata/{role}.json", b" " * (largest + 1))
    assert "readable" in refusals(repository(), event)


def test_root_of_the_past_is_rewritten() -> None:
    base = repository()
    path = "metadata/root_history/1.root.json"
    event = event_with(path, base.files["metadata/root.json"])
    event.kinds.clear()
    assert errors(judge(base, event)) == {"root-history"}
    assert "root-history" in errors(judge_whole(base, event))


def test_second_root_of_the_same_version_lies_in_root_history() -> None:
    base = repository()
    event = base.copy()
    event.edit("root")
    forked = base.copy()
    forked.edit("root", lambda root: root.unrecognized_fields.update(x=1))
    event.files["metadata/root_history/3.root.json"] = forked.files["metadata/root.json"]
    assert refusals(base, event) == {"root-history"}


def test_root_of_the_future_lies_in_root_history() -> None:
    base = repository()
    event = base.copy()
    event.edit("root")
    ahead = event.copy()
    ahead.edit("root")
    path = "metadata/root_history/4.root.json"
    event.files[path] = ahead.files[path]
    assert refusals(base, event) == {"root-history"}
