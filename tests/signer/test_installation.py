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
from tests.signer.helpers import Server

TOP: Final = Path(__file__).parents[2]
MANUAL: Final = TOP / "docs" / "signer.md"
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
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Type the manual's commands that install the tool; return the home folder.

    This checkout stands for the clone, as it is. No compiler can be found.
    """
    home = tmp_path_factory.mktemp("signer")
    (home / "tufline-source").symlink_to(TOP)
    cloning, *installing = _commands("pip install")
    assert cloning == "git clone https://github.com/tufline/tufline ~/tufline-source"
    _type(home, *installing)
    return home


@pytest.fixture(scope="module")
def installed(home: Path) -> Path:
    """Return the folder of programs."""
    return home / "tufline" / "bin"


def _commands(holding: str) -> list[str]:
    """Return the lines of the one box of the manual's setup that holds a text."""
    _, _, setup = MANUAL.read_text().partition("\n## Set up your machine, once\n")
    setup, _, _ = setup.partition("\n## ")
    boxes = re.findall(r"^ +```sh\n(.*?)^ +```$", setup, flags=re.MULTILINE | re.DOTALL)
    (box,) = [each for each in boxes if holding in each]
    return [line.strip() for line in box.splitlines()]


def _type(home: Path, *lines: str) -> str:
    """Run lines in a shell, as a person whose home folder is `home`; return what they say."""
    done = subprocess.run(
        ["sh", "-euc", "\n".join(lines)],
        cwd=home,
        env={
            **os.environ,
            "HOME": str(home),
            "CC": "false",
            "CXX": "false",
            "PIP_ONLY_BINARY": ":all:",
            "PIP_QUIET": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_new_terminal_knows_the_tool_and_the_clone_is_ready(home: Path, server: Server) -> None:
    there = f"git config --global url.{server.path}.insteadOf git@github.com:example/tuf.git"
    said = _type(
        home,
        *(there, ". ~/.bashrc", "command -v tufline"),
        *_commands("user-name"),
        *("tufline sign", "git status --short"),
    )

    assert said == f"{home}/tufline/bin/tufline\nno signing event waits for @you\n"


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
