"""The folder that jobs run in holds what a branch holds: nothing of it may be run there."""

import subprocess
from pathlib import Path

import pytest
from tests.workflows.linting import ROOT

# What Python would rather take from the folder that it is started in than from its own library.
_SHADOWS = ("venv", "pip", "ensurepip", "runpy", "encodings", "sitecustomize")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """What the job has checked out: each of the files says that it was run."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    for name in _SHADOWS:
        code = f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).touch()"
        (folder / f"{name}.py").write_text(code)
    return folder


def test_attack_modules_at_the_top_of_main_run_beside_the_online_key(
    workspace: Path, tmp_path: Path
) -> None:
    """Nobody has to approve these on main, and the job that installs may ask for an identity."""
    actions = tmp_path / "actions"
    actions.mkdir()
    (actions / "install").write_bytes((ROOT / "actions" / "install").read_bytes())
    (actions / "nothing.lock").write_text("")
    done = subprocess.run(
        ["sh", str(actions / "install"), "nothing.lock"],
        cwd=workspace,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "RUNNER_TEMP": str(tmp_path / "temp")},
        capture_output=True,
        check=False,
    )

    assert not (tmp_path / "ran").exists()
    assert done.returncode == 0, done.stderr.decode()
