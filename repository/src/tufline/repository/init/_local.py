"""What is missing or unsafe in the files of a clone. Pure: files in, remarks out."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from tufline.repository.format import SETTINGS_PATH
from tufline.repository.init._remark import Aim, Remark

OWNERS_PATH: Final = ".github/CODEOWNERS"
_EVERYTHING: Final = re.compile(rb"^\*[ \t]+@", re.MULTILINE)


def check_files(
    existing: Mapping[str, bytes], expected: Mapping[str, bytes], problem: str | None
) -> tuple[Remark, ...]:
    """Return a remark for each file; `problem` is what is wrong with the settings, if anything."""
    owners = (_of_owners(existing),) if expected else ()
    return (*_of_workflows(existing, expected), *owners, _of_settings(existing, problem))


def _of_workflows(existing: Mapping[str, bytes], expected: Mapping[str, bytes]) -> Iterator[Remark]:
    for path, data in expected.items():
        aim = Aim(
            good=f"{path} in this folder is as `tufline init` writes it",
            bad=f"{path} is not in this folder",
            why="it decides what runs, with which permissions, and which code it calls",
            where="`tufline init --upgrade` shows the difference and writes the file",
        )
        if path not in existing:
            yield aim.missing()
        elif existing[path] != data:
            yield aim.unsafe(f"{path} in this folder differs from what `tufline init` writes")
        else:
            yield aim.fine()


def _of_owners(existing: Mapping[str, bytes]) -> Remark:
    aim = Aim(
        good=f"{OWNERS_PATH} in this folder gives every file owners",
        bad=f"{OWNERS_PATH} is not in this folder",
        why="what nobody signs and nobody reviews may still run beside the online key",
        where="`tufline init --upgrade --maintainers @a,@b` writes one where there is none",
    )
    if OWNERS_PATH not in existing:
        return aim.missing()
    if _EVERYTHING.search(existing[OWNERS_PATH]):
        return aim.fine()
    return aim.unsafe(f"{OWNERS_PATH} in this folder leaves files without owners: no line `* @a`")


def _of_settings(existing: Mapping[str, bytes], problem: str | None) -> Remark:
    aim = Aim(
        good=f"{SETTINGS_PATH} in this folder can be read",
        bad=f"{SETTINGS_PATH} is not in this folder",
        why="it says where is published and who may merge; every job reads it",
        where="`tufline init` writes one; docs/settings.md lists what it may hold",
    )
    if SETTINGS_PATH not in existing:
        return aim.missing()
    return aim.unsafe(problem) if problem else aim.fine()
