"""path-kind: only plain files; no symbolic link, no submodule (NEEDS row E).

What a link means depends on where the repository is checked out, and nobody signs what a submodule
holds. An executable bit is harmless: it is not published.
"""

from collections.abc import Iterator
from typing import Final

from tufline.repository.format import ARTIFACT_FOLDER, METADATA_FOLDER
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.state import Entry, Kind

_NAMES: Final = {Kind.SYMLINK: "symbolic link", Kind.SUBMODULE: "submodule"}


def check(case: Case) -> Iterator[Remark]:
    """Report links and submodules: in an event wherever they changed, else where we publish."""
    for path, kind, _ in (*_folders(case), *case.entries):
        if kind in _NAMES:
            yield error(f"is a {_NAMES[kind]}; put a plain file in its place", path=path)


def _folders(case: Case) -> Iterator[Entry]:
    """Yield metadata and targets where they are no folders: what is below is not listed then."""
    if case.whole:
        found = (case.event.files.find(path) for path in (METADATA_FOLDER, ARTIFACT_FOLDER))
        yield from (entry for entry in found if entry is not None)


RULE = RepositoryRule("path-kind", check)
