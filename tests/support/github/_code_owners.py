"""Whether a change needs a review by code owners, as `.github/CODEOWNERS` of its base says.

Of the patterns only those are known that begin at the top: `/tufline.toml`, `/.github/`.
"""

from pathlib import Path

from tests.support.github import _objects

_FILE = ".github/CODEOWNERS"


def are_concerned(git_dir: Path, base: str, head: str) -> bool:
    """Return whether merging `head` into `base` changes a file that somebody owns."""
    changed = _objects.git(git_dir, "diff", "--name-only", "-z", f"{base}...{head}").split("\0")
    owned = _owned(git_dir, base)
    return any(path.startswith(owned) for path in map("/{}".format, changed))


def _owned(git_dir: Path, base: str) -> tuple[str, ...]:
    if not _objects.git(git_dir, "ls-tree", "--name-only", base, _FILE):
        return ()
    lines = _objects.git(git_dir, "show", f"{base}:{_FILE}").splitlines()
    patterns = [line.split()[0] for line in lines if line and not line.startswith("#")]
    if any(not each.startswith("/") or set(each) & set("*?[!") for each in patterns):
        raise NotImplementedError("emulator does not know such a pattern of code owners")
    return tuple(patterns)
