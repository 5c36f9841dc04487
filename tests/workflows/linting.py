"""Runs the linters of workflows, each as a maintainer would."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tufline.repository.init import OnGitHub, Options, pin, render

ROOT = Path(__file__).parents[2]
ACTIONLINT = ROOT / ".tools" / "bin" / "actionlint"
PIN = pin("tufline/tufline@" + "0123456789abcdef0123456789abcdef01234567", "v0.1.0")


@dataclass(frozen=True, slots=True)
class Verdict:
    code: int
    said: str


def actionlint(*workflows: Path) -> Verdict:
    # shellcheck and pyflakes may be on some machines only
    return _run([ACTIONLINT, "-no-color", "-shellcheck=", "-pyflakes=", *workflows])


def zizmor(*inputs: Path) -> Verdict:
    quiet = [
        "--offline",
        "--no-progress",
        "--no-config",
        "--persona",
        "auditor",
        "--format",
        "plain",
    ]
    return _run([_tool("zizmor"), *quiet, *inputs])


def schema(name: str, *files: Path) -> Verdict:
    return _run([_tool("check-jsonschema"), "--builtin-schema", f"vendor.{name}", *files])


def written(folder: Path, options: Options) -> Path:
    """Write what `tufline init` renders into the folder."""
    for path, data in render(options).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def example(
    online_sign: Mapping[str, str] | None = None,
    *,
    app: bool = False,
    secrets: tuple[str, ...] = (),
    metadata_dir: str = "metadata",
) -> Options:
    return Options(
        name="example/tuf",
        maintainers=("@alice", "@bob"),
        metadata_dir=metadata_dir,
        host=OnGitHub(pin=PIN, online_sign=online_sign or {}, app=app, secrets=secrets),
    )


def _tool(name: str) -> Path:
    return Path(sys.executable).parent / name


def _run(command: Iterable[object]) -> Verdict:
    done = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, check=False
    )
    return Verdict(done.returncode, done.stdout + done.stderr)
