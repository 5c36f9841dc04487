"""The signer's distribution, installed as docs/signer.md says: from wheels alone, and lean."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

TOP: Final = Path(__file__).parents[2]
LOCK: Final = TOP / "signer" / "requirements.lock"
# Libraries of clouds, of GitHub, of web servers; and those that a signer has no use for.
UNWANTED: Final = {
    *("boto3", "google-cloud-kms", "google-cloud-storage", "azure-keyvault-keys", "hvac"),
    *("pygithub", "sigstore", "flask", "fastapi", "aiohttp", "werkzeug", "pytest", "mypy"),
}
MODULES: Final = (
    "rich",
    "github",
    "boto3",
    "google",
    "azure",
    "hvac",
    "sigstore",
    "http.server",
    "pkcs11",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do what the manual says; return the folder of programs. No compiler can be found."""
    home = tmp_path_factory.mktemp("signer")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    without_compiler = {**os.environ, "CC": "false", "CXX": "false"}
    wheels = ["--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK)]
    subprocess.run([*pip, *wheels], check=True, env=without_compiler)
    ours = ["--no-deps", "--no-build-isolation", str(TOP / "repository"), str(TOP / "signer")]
    subprocess.run([*pip, *ours], check=True, env=without_compiler)
    return home / "bin"


def test_it_holds_no_library_of_clouds_github_or_web_servers(installed: Path) -> None:
    listing = subprocess.run(
        [installed / "pip", "list", "--format", "json", "--disable-pip-version-check"],
        check=True,
        capture_output=True,
    )
    names = {each["name"].lower() for each in json.loads(listing.stdout)}

    assert {"tufline-signer", "tufline-repository", "tuf"} <= names
    assert not names & UNWANTED


def test_every_command_answers_and_help_imports_next_to_nothing(installed: Path) -> None:
    commands = tomllib.loads((TOP / "signer" / "pyproject.toml").read_text())
    for name in commands["project"]["entry-points"]["tufline.commands"]:
        shown = subprocess.run(
            [installed / "python", "-X", "importtime", installed / "tufline", name, "--help"],
            check=True,
            capture_output=True,
            text=True,
        )
        imported = set(re.findall(r"\| +(\S+)$", shown.stderr, flags=re.MULTILINE))
        assert "Usage: tufline" in shown.stdout
        assert not imported & {*MODULES, "tuf", "securesystemslib", "jinja2", "cryptography"}, name


def test_lock_covers_what_the_distributions_require() -> None:
    locked = set(re.findall(r"^([a-z0-9.-]+)==", LOCK.read_text(), flags=re.MULTILINE))
    for part in ("repository", "signer"):
        project = tomllib.loads((TOP / part / "pyproject.toml").read_text())["project"]
        needed = {Requirement(each).name.lower() for each in project["dependencies"]}
        assert needed - {"tufline-repository"} <= locked


def test_lock_for_identities_adds_their_library_and_changes_nothing() -> None:
    pinned = re.compile(r"^([a-z0-9.-]+)==(\S+)", flags=re.MULTILINE)
    plain, more = (
        set(pinned.findall(each.read_text()))
        for each in (LOCK, LOCK.parent / "sigstore" / LOCK.name)
    )
    assert plain <= more
    assert {"sigstore", "rfc3161-client"} <= {name for name, _ in more - plain}
