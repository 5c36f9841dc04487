"""Whether a change needs a review by code owners, as `.github/CODEOWNERS` of its base says.

Of the patterns only those are known that begin at the top (`/tufline.toml`, `/.github/`), and `*`.
The last that fits a file counts; one without owners says that nobody owns it.
"""

from pathlib import Path
from typing import NamedTuple

from tests.support.github import _objects

_FILE = ".github/CODEOWNERS"


class _Line(NamedTuple):
    start: str
    owned: bool


def are_concerned(git_dir: Path, base: str, head: str) -> bool:
    """Return whether merging `head` into `base` changes a file that somebody owns."""
    changed = _objects.git(git_dir, "diff", "--name-only", "-z", f"{base}...{head}").split("\0")
    lines = _lines(git_dir, base)
    return any(_is_owned(f"/{path}", lines) for path in changed if path)


def _is_owned(path: str, lines: list[_Line]) -> bool:
    fitting = [line.owned for line in lines if path.startswith(line.start)]
    return bool(fitting) and fitting[-1]


def _lines(git_dir: Path, base: str) -> list[_Line]:
    if not _objects.git(git_dir, "ls-tree", "--name-only", base, _FILE):
        return []
    text = _objects.git(git_dir, "show", f"{base}:{_FILE}")
    words = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return [_Line(_start(pattern), bool(owners)) for pattern, *owners in words]


def _start(pattern: str) -> str:
    if pattern == "*":
        return "/"
    if not pattern.startswith("/") or set(pattern) & set("*?[!"):
        raise NotImplementedError("emulator does not know such a pattern of code owners")
    return pattern
