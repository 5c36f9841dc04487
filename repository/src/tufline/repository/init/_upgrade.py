"""Bring an existing repository's workflows to what `init` writes. Pure: the change is a value."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from tufline.repository.format import SETTINGS_PATH
from tufline.repository.init._carry import OURS, WORKFLOWS, Carried, is_theirs
from tufline.repository.init._local import OWNERS_PATH
from tufline.repository.init._options import OnGitHub, Options, Pin
from tufline.repository.init._render import render


@dataclass(frozen=True, kw_only=True, slots=True)
class Upgrade:
    """What to write, and what remains for people.

    Attributes:
        files: what is written, by path; empty if all is as it should be.
        diff: the change, as a unified diff.
        lost: what the new files have no place for, one line each.
        left: workflow files that are not ours and stay, one line each.
    """

    files: Mapping[str, bytes]
    diff: str
    lost: tuple[str, ...]
    left: tuple[str, ...]


def workflows(host: OnGitHub) -> Mapping[str, bytes]:
    """Return the workflow files alone, by path."""
    files = render(Options(name="", host=host))
    return {path: data for path, data in files.items() if path.startswith(WORKFLOWS)}


def upgrade(
    existing: Mapping[str, bytes], carried: Carried, actions: Pin, maintainers: tuple[str, ...]
) -> Upgrade:
    """Return how to upgrade; `existing` holds all workflow files, and the settings if there are.

    Settings and owners are written only where there are none, for they are a person's.
    """
    options = Options(
        name="",
        host=carried.host(actions),
        maintainers=maintainers,
        metadata_dir=carried.metadata_dir or "metadata",
    )
    kept = (SETTINGS_PATH, OWNERS_PATH) if maintainers else (SETTINGS_PATH,)
    rendered = render(options)
    missing = {path: rendered[path] for path in kept if path not in existing}
    wanted = {**workflows(carried.host(actions)), **missing}
    files = {path: data for path, data in wanted.items() if existing.get(path) != data}
    return Upgrade(
        files=files,
        diff="".join(_diff(path, existing.get(path, b""), data) for path, data in files.items()),
        lost=(*carried.lost, *_settings_to_check(existing, carried)),
        left=tuple(_left(existing)),
    )


def _settings_to_check(existing: Mapping[str, bytes], carried: Carried) -> tuple[str, ...]:
    if SETTINGS_PATH not in existing or carried.metadata_dir is None:
        return ()
    return (f"{SETTINGS_PATH} stays: see that metadata-dir in it is {carried.metadata_dir!r}",)


def _left(existing: Mapping[str, bytes]) -> list[str]:
    ours = {f"{WORKFLOWS}{name}.yml" for name in OURS}
    others = (path for path in existing if path.startswith(WORKFLOWS) and path not in ours)
    return [
        f"{path} (calls tuf-on-ci's actions: remove it once ours work)"
        if is_theirs(existing[path])
        else path
        for path in others
    ]


def _diff(path: str, before: bytes, after: bytes) -> str:
    lines = difflib.unified_diff(
        before.decode(errors="replace").splitlines(keepends=True),
        after.decode().splitlines(keepends=True),
        fromfile=f"a/{path}" if before else "/dev/null",
        tofile=f"b/{path}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
