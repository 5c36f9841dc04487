"""One virtual environment per distribution, with what it needs and nothing else.

securesystemslib imports every vendor's library that is installed, so only a lean environment
shows what a command costs its users. The one that publishes to clouds is made by a Python that has
their libraries: what these need is asked of what is installed.
"""

import re
import subprocess
import sys
from functools import cache
from importlib.metadata import requires
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP: Final = Path(__file__).resolve().parent.parent
DISTRIBUTIONS: Final = {
    "repository": ("tufline-repository",),
    "signer": ("tufline-repository", "tufline-signer"),
    "online_sign": ("tufline-repository", "tufline-online-sign"),
    "publish": ("tufline-repository",),
}
_EXTRAS: Final = {"publish": frozenset({"gcs", "s3"})}
_FOLDERS: Final = {
    "tufline-repository": "repository",
    "tufline-signer": "signer",
    "tufline-online-sign": "online_sign",
}


def make_environment(name: str, folder: Path) -> None:
    """Make the environment of a distribution anew, in `folder/name`."""
    home = folder / name
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    commands = home / "bin"
    lock = home / "requirements.lock"
    lock.write_text(_part_of_lock(name))
    _pip(commands, "--require-hashes", "--no-deps", "--requirement", str(lock))
    wheels = [str(_wheel(each, folder)) for each in DISTRIBUTIONS[name]]
    _pip(commands, "--no-deps", *wheels)


def _pip(commands: Path, *arguments: str) -> None:
    pip = [str(commands / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], check=True)


def _wheel(distribution: str, folder: Path) -> Path:
    """Build the distribution as its users get it."""
    target = folder / "wheels" / distribution
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(target)]
    source = TOP / _FOLDERS[distribution]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, *build, str(source)], check=True)
    return max(target.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)


def _part_of_lock(environment: str) -> str:
    """Return the entries of a lock file that an environment needs, hashes included."""
    extras = _EXTRAS.get(environment, frozenset())
    lock = "requirements-clouds.lock" if extras else "requirements.lock"
    needed = {name for each in DISTRIBUTIONS[environment] for name in _needs(each, extras)}
    entries = re.split(r"\n(?=\S)", (TOP / lock).read_text().strip())
    return "\n".join(entry for entry in entries if entry.partition("==")[0] in needed) + "\n"


@cache
def _needs(distribution: str, extras: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the names of all that a distribution requires, but for our own."""
    found: set[str] = set()
    for text in requires(distribution) or ():
        need = Requirement(text)
        contexts = [{"extra": extra} for extra in ("", *extras)]
        if need.marker and not any(need.marker.evaluate(context) for context in contexts):
            continue
        name = canonicalize_name(need.name)
        below = _needs(name, frozenset(need.extras))
        found |= below if name in _FOLDERS else {name, *below}
    return frozenset(found)


if __name__ == "__main__":
    make_environment(sys.argv[1], Path(sys.argv[2]))
