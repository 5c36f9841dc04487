"""Completion of words, as shells ask for it: fast, from the clone alone, and safe in a line."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.signer.helpers import NEXT, TUFLINE, Holder, Server, git

SLOW: Final = {"tuf", "securesystemslib", "cryptography", "pydantic", "jinja2", "rich", "urllib3"}
HOSTILE: Final = "sign/$(touch${IFS}pwned)"
IN_BASH: Final = """
eval "$(_TUFLINE_COMPLETE=bash_source tufline)"
COMP_WORDS=(tufline sign sign/n)
COMP_CWORD=2
_tufline_completion tufline
printf '%s\\n' "${COMPREPLY[@]}"
"""


def completed(folder: Path, line: str, *python: str) -> subprocess.CompletedProcess[str]:
    """Ask as bash does, with the cursor behind the line's last letter."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    return subprocess.run(
        [sys.executable, *python, TUFLINE],
        cwd=folder,
        env={**os.environ, **words, "_TUFLINE_COMPLETE": "bash_complete"},
        check=True,
        capture_output=True,
        text=True,
    )


def offered(folder: Path, line: str) -> list[str]:
    done = completed(folder, line)
    assert done.stderr == ""
    return [each.removeprefix("plain,") for each in done.stdout.splitlines() if each]


@pytest.fixture
def fetched(started: Server, alice: Holder) -> Path:
    """Return a clone that knows events and roles, and whose server is gone."""
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    git(started.path, "update-ref", f"refs/heads/{HOSTILE}", "refs/heads/main")
    git(alice.clone, "fetch", "--quiet", "origin")
    git(alice.clone, "checkout", "--quiet", "--detach", f"origin/{NEXT}")
    git(alice.clone, "branch", "sign/mine")
    started.path.rename(f"{started.path}-gone")
    return alice.clone


def test_events_and_roles_are_those_of_the_clone(fetched: Path, tmp_path: Path) -> None:
    assert offered(fetched, "tufline sign sign/") == ["sign/mine", NEXT]
    assert offered(tmp_path, f"tufline payload -C {fetched} sign/n") == [NEXT]
    assert offered(fetched, "tufline signature add file sign/m") == ["sign/mine"]
    assert offered(fetched, "tufline target add --role ") == ["npm", "targets"]
    assert offered(fetched, f"tufline delegate {NEXT} r") == ["root"]
    assert offered(fetched, "tufline target add s") == ["file,s", "sign/mine", NEXT]


def test_outside_of_a_clone_nothing_is_offered(tmp_path: Path) -> None:
    assert offered(tmp_path, "tufline sign s") == []
    assert offered(tmp_path, "tufline target add --role ") == []


def test_nothing_slow_is_imported(fetched: Path) -> None:
    shown = completed(fetched, "tufline sign s", "-X", "importtime").stderr
    imported = set(re.findall(r"\| +(\w+)$", shown, flags=re.MULTILINE))
    assert "click" in imported
    assert not imported & SLOW


def test_bash_takes_it(fetched: Path) -> None:
    path = f"{TUFLINE.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", IN_BASH],
        cwd=fetched,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == (f"{NEXT}\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str) -> None:
    done = subprocess.run(
        [TUFLINE],
        env={**os.environ, "_TUFLINE_COMPLETE": f"{shell}_source"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert f"_TUFLINE_COMPLETE={shell}_complete" in done.stdout
