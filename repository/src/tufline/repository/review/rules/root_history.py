"""root-history: every root that clients may hold stays as it was published (NEEDS row G).

A client updates through each root version in turn (TUF 5.3.3), so one file that is missing or
differs locks clients out, or shows them what others do not see. Events add at most one root.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from tufline.repository.format import (
    METADATA_FOLDER,
    ROOT,
    ROOT_HISTORY_FOLDER,
    Document,
    historic_root_path,
    historic_root_version,
    metadata_path,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.state import Entry, same

_FOLDER: Final = f"{ROOT_HISTORY_FOLDER}/"
_CURRENT: Final = metadata_path(ROOT)


def check(case: Case) -> Iterator[Remark]:
    """Compare root_history with known good's and with root.json."""
    known, found = case.base.historic_roots(), case.event.historic_roots()
    yield from _rewritten(known, found)
    yield from _odd_files(case)
    root = case.event.root()
    if isinstance(root, Document):  # else role-file or readable refuses the change
        version = root.signed.version
        yield from _copy_of_current(case, found.get(version), version)
        yield from _added(case, known, found, version)
        yield from _gaps(case, known, found, version)


def _rewritten(known: Mapping[int, Entry], found: Mapping[int, Entry]) -> Iterator[Remark]:
    for version, entry in sorted(known.items()):
        if version not in found:
            yield error(f"root {version} was removed; restore the file", path=entry.path)
        elif not same(entry, found[version]):
            yield error(
                f"root {version} was rewritten; restore the file, a change is a new version",
                path=entry.path,
            )


def _odd_files(case: Case) -> Iterator[Remark]:
    for path, _, _ in case.entries:
        if path.startswith(_FOLDER) and historic_root_version(path) is None:
            yield error("is not named <N>.root.json; remove the file", path=path)


def _copy_of_current(case: Case, copy: Entry | None, version: int) -> Iterator[Remark]:
    path = historic_root_path(version)
    if copy is None:
        yield error(f"root.json is version {version} and has no copy here; add it", path=path)
        return
    current = case.event.files.find(_CURRENT)
    if current is None or current.id != copy.id:
        yield error("differs from root.json, whose copy it must be; copy it anew", path=path)


def _added(
    case: Case, known: Mapping[int, Entry], found: Mapping[int, Entry], version: int
) -> Iterator[Remark]:
    """Report new roots beside the event's own. Main may be several roots ahead of publish."""
    brings_all = case.whole or not any(case.base.files.below(METADATA_FOLDER))
    for each in sorted(found.keys() - known.keys()):
        if each > version or (each < version and not brings_all):
            yield error(
                f"root {each} was added, but root.json is version {version}; remove the file",
                path=found[each].path,
            )


def _gaps(
    case: Case, known: Mapping[int, Entry], found: Mapping[int, Entry], version: int
) -> Iterator[Remark]:
    """Report versions that nothing holds. An event answers only for those after known good's."""
    oldest = case.policy.oldest_root
    if not case.whole and known:
        oldest = max(known)
    present = sorted({*found, version})
    if oldest is not None:
        present = [oldest - 1, *(each for each in present if each >= oldest)]
    for before, after in pairwise(present):
        if after <= version and after - before > 1:
            first, last = before + 1, after - 1
            which = f"root {first}" if first == last else f"roots {first} to {last}"
            yield error(
                f"{which} missing; clients that hold an older root cannot update, add the file",
                path=historic_root_path(first),
            )


RULE = RepositoryRule("root-history", check)
