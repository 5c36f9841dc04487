"""What our actions install: pinned by hash, the same as is tested, and from no cache."""

import re
import tomllib
from pathlib import Path
from shutil import copy
from subprocess import run

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.workflows.linting import ROOT

LOCKS = (
    "actions/requirements.lock",
    "actions/online-sign/requirements.lock",
    "actions/sigstore/requirements.lock",
)
JUDGING = (
    "check",
    "client-test",
    "create-signing-events",
    "publish",
    "shadow",
    "signing-event",
)
PINNED = ("targets/trusted_root.json", "targets/signing_config.v0.2.json")
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
    assert path == LOCKS[0] or needs("online_sign") <= there


def test_online_signing_can_speak_to_the_clouds_that_it_logs_in_to() -> None:
    there = locked(LOCKS[1]).keys()

    assert {"google-cloud-kms", "boto3", "azure-keyvault-keys", "sigstore"} <= there
    for path in (LOCKS[0], LOCKS[2]):
        assert not {"google-cloud-kms", "boto3"} & locked(path).keys()


def test_judging_can_verify_identities_with_no_more_than_online_signing_has() -> None:
    online, judging = locked(LOCKS[1]), locked(LOCKS[2])

    assert {"sigstore", *locked(LOCKS[0])} <= judging.keys()
    assert judging.items() <= online.items()


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("actions/*/action.yml")), ids=lambda p: p.parent.name
)
def test_nothing_is_taken_from_a_cache(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"^\s*(uses: actions/cache|cache\w*:)", text, re.MULTILINE)
    installs = "install-to-judge" if path.parent.name in JUDGING else "install"
    assert f'"$GITHUB_ACTION_PATH/../{installs}"' in text


@pytest.mark.parametrize("pinned", [(), PINNED[:1], PINNED[1:], PINNED])
def test_judging_jobs_know_identities_where_a_sigstore_is_pinned(
    tmp_path: Path, pinned: tuple[str, ...]
) -> None:
    actions, checkout = tmp_path / "actions", tmp_path / "checkout"
    actions.mkdir()
    copy(ROOT / "actions/install-to-judge", actions)
    (actions / "install").write_text('#!/bin/sh\necho "$@"\n')
    (checkout / "targets").mkdir(parents=True)
    for name in pinned:
        (checkout / name).touch()

    command = ["sh", str(actions / "install-to-judge")]
    said = run(command, cwd=checkout, capture_output=True, check=True, text=True).stdout.split()

    lock = "sigstore/requirements.lock" if pinned == PINNED else "requirements.lock"
    parts = ["repository", "online_sign"] if pinned == PINNED else ["repository"]
    assert said == [lock, *parts]
    assert (ROOT / "actions" / lock).is_file()


def test_installation_takes_no_file_without_its_hash_and_builds_only_our_own() -> None:
    script = (ROOT / "actions/install").read_text()

    downloads = script.partition("for part")[0]
    for option in ("--require-hashes", "--only-binary :all:", "--no-cache-dir"):
        assert option in downloads
    assert "--no-index" in script.partition("for part")[2]
