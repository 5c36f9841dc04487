"""What our actions install: pinned by hash, the same as is tested, and from no cache."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.workflows.linting import ROOT

LOCKS = ("actions/requirements.lock", "actions/online-sign/requirements.lock")
_PINNED = re.compile(r"([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)((?: --hash=sha256:[0-9a-f]{64})+)")


def locked(path: str) -> dict[str, str]:
    """Return versions by name; fail unless every line pins one, with hashes."""
    text = (ROOT / path).read_text().replace(" \\\n    ", " ")
    pins = [_PINNED.fullmatch(line) for line in text.splitlines()]
    assert pins
    assert all(pins), text
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


def needs(part: str) -> set[str]:
    """Return what a distribution asks for, its adapter to GitHub included."""
    project = tomllib.loads((ROOT / part / "pyproject.toml").read_text())["project"]
    extra = project.get("optional-dependencies", {}).get("github", [])
    names = {canonicalize_name(Requirement(each).name) for each in project["dependencies"] + extra}
    return {name for name in names if not name.startswith("tufline-")}


@pytest.mark.parametrize("path", LOCKS)
def test_versions_are_those_that_are_tested(path: str) -> None:
    tested = locked("requirements.lock")

    differing = {
        name: version
        for name, version in locked(path).items()
        if tested.get(name, version) != version
    }
    assert differing == {}


@pytest.mark.parametrize("path", LOCKS)
def test_all_that_the_jobs_need_is_there(path: str) -> None:
    there = locked(path).keys()

    assert needs("repository") | {"hatchling"} <= there
    assert path != LOCKS[1] or needs("online_sign") <= there


def test_online_signing_can_speak_to_the_clouds_that_it_logs_in_to() -> None:
    there = locked(LOCKS[1]).keys()

    assert {"google-cloud-kms", "boto3", "azure-keyvault-keys", "sigstore"} <= there
    assert not {"google-cloud-kms", "boto3"} & locked(LOCKS[0]).keys()


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("actions/*/action.yml")), ids=lambda p: p.parent.name
)
def test_nothing_is_taken_from_a_cache(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"^\s*(uses: actions/cache|cache\w*:)", text, re.MULTILINE)
    assert '"$GITHUB_ACTION_PATH/../install"' in text


def test_installation_takes_no_file_without_its_hash_and_builds_only_our_own() -> None:
    script = (ROOT / "actions/install").read_text()

    downloads = script.partition("for part")[0]
    for option in ("--require-hashes", "--only-binary :all:", "--no-cache-dir"):
        assert option in downloads
    assert "--no-index" in script.partition("for part")[2]
