"""Git's update hook in every emulated repository: refuse one ref of a push, or let it be moved.

It runs as a program beside git, because only there the pushed objects can be read before they are
taken in. `EMULATOR_PUSH` holds, as JSON, what was decided without them (see `_git_push.py`):

    {"refused": {REF: [LINE, ...]}, "forward": {REF: LINE}, "workflows": LINE or null}

`forward` are refs that may only move forward and `workflows` is set if the push may bring no new
workflow file ({} is its path); the lines are what the pushing person is told.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

_NOTHING = "0" * 40
_WORKFLOWS = ".github/workflows/"


def main(ref: str, old: str, new: str) -> int:
    """Return 0 if the ref may be moved."""
    push = json.loads(os.environ["EMULATOR_PUSH"])
    lines = list(push["refused"].get(ref, ()))
    if ref in push["forward"] and _NOTHING not in {old, new} and not _is_ancestor(old, new):
        lines.append(push["forward"][ref])
    if push["workflows"] and new != _NOTHING:
        lines += [push["workflows"].format(path) for path in sorted(_new_workflows(new))]
    sys.stderr.writelines(f"error: {line}\n" for line in lines)
    return 1 if lines else 0


def _is_ancestor(old: str, new: str) -> bool:
    command = ["git", "merge-base", "--is-ancestor", old, new]
    return subprocess.run(command, check=False).returncode == 0


def _new_workflows(new: str) -> Iterator[str]:
    """Yield workflow files that no branch has with these bytes: GitHub lets the others pass."""
    branches = _git("for-each-ref", "--format=%(objectname)", "refs/heads").split()
    known = set().union(*(_workflows(branch) for branch in branches))
    yield from (path for path, _ in _workflows(new) - known)


def _workflows(commit: str) -> set[tuple[str, str]]:
    entries = _git("ls-tree", "-z", commit, _WORKFLOWS).split("\0")[:-1]
    return {(path, about) for about, _, path in (entry.partition("\t") for entry in entries)}


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
