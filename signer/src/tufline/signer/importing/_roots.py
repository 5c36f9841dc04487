"""The roots of a repository: all that can be had, and whether clients can walk them."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from tuf.api.metadata import Root

from tufline.repository.format import (
    ROOT,
    Document,
    InvalidMetadata,
    historic_root_path,
    parse_document,
)
from tufline.repository.review import LocalKeys, oldest_verifying_root, tally
from tufline.repository.state import LARGEST_ROOT, MemoryFiles, State, Unreadable, delegation_of
from tufline.signer.importing._errors import CannotImport, NoRepository, NotTrusted, Problem
from tufline.signer.importing._interface import Chain, Place, Source, TooLong

_VERSIONED: Final = re.compile(r"([1-9][0-9]{0,8})\.root\.json")
_HISTORY: Final = "root_history/"
_MOST: Final = 10_000
_MOST_PROBED: Final = 500  # of a server, which could make up one after the other
_LARGEST_CHAIN: Final = 50_000_000
_FETCH = "bring the file, or tell clients to begin anew"


def read_chain(source: Source, place: Place, *, known: bytes | None, oldest: int | None) -> Chain:
    """Return the roots, verified from the newest back.

    Args:
        source: where the files are.
        place: in which folder of it.
        known: a root that is trusted: it must be among them, and lead to the newest.
        oldest: the oldest version that clients may hold, where main says so.

    Raise `CannotImport` where one is missing or unreadable, `NotTrusted` where one does not verify.
    """
    listed = _listed(source, place)
    roots = _probed(source, place, known) if listed is None else listed
    if not roots:
        raise NoRepository(source.name)
    newest = max(roots)
    first = _expect_no_gap(roots, oldest)
    files = {historic_root_path(version): data for version, data in roots.items()}
    state = State(MemoryFiles(files))
    root = _readable(state, newest)
    start = oldest_verifying_root(state, root, LocalKeys())
    if known is not None:
        _expect_known(known, state, start, newest)
    elif listed is None and start > first:
        raise NotTrusted(f"root {start}", f"is not signed by the keys of root {start - 1}")
    if listed is None:  # older files of a server that nothing vouches for are nobody's roots
        roots = {version: data for version, data in roots.items() if version >= start}
    fingerprint = hashlib.sha256(roots[start]).hexdigest()
    return Chain(roots=roots, newest=root, start=start, fingerprint=fingerprint)


def _listed(source: Source, place: Place) -> dict[int, bytes] | None:
    """Return the roots of a source that can be listed, by the version of their names."""
    roots: dict[int, bytes] = {}
    for folder in (f"{place.metadata}{_HISTORY}", place.metadata):
        names = source.names(folder)
        if names is None:
            return None
        matches = [match for match in map(_VERSIONED.fullmatch, names) if match]
        for match in matches[:_MOST]:
            data = _read(source, folder + match[0])
            if data is not None:
                roots[int(match[1])] = data
    return _with_plain(source, place, roots)


def _probed(source: Source, place: Place, known: bytes | None) -> dict[int, bytes]:
    """Return the roots that are found by asking for one version after the other."""
    begin = _version(known, "the root of --root") if known else 1

    def at(version: int) -> bytes | None:
        return _read(source, f"{place.metadata}{version}.root.json")

    roots: dict[int, bytes] = {begin: known} if known else {}
    published = at(begin)
    if published is not None:
        roots[begin] = published
    if not roots:
        roots = _with_plain(source, place, roots)
        begin = max(roots, default=1)
    _walk(roots, begin + 1, 1, at)
    _walk(roots, begin - 1, -1, at)
    return roots


def _walk(
    roots: dict[int, bytes], version: int, step: int, at: Callable[[int], bytes | None]
) -> None:
    """Ask for one version after the other until there is none; raise `CannotImport` if no end."""
    while version > 0:
        data = at(version)
        if data is None:
            return
        roots[version] = data
        if len(roots) > _MOST_PROBED or sum(map(len, roots.values())) > _LARGEST_CHAIN:
            problem = Problem(
                f"{version}.root.json", "there is no end of roots", "see who serves it"
            )
            raise CannotImport([problem])
        version += step


def _with_plain(source: Source, place: Place, roots: dict[int, bytes]) -> dict[int, bytes]:
    """Add the root that is called by no version, where it is newer than the others."""
    data = _read(source, f"{place.metadata}root.json")
    if data is not None:
        version = _version(data, "root.json")
        roots.setdefault(version, data)
    return roots


def _read(source: Source, path: str) -> bytes | None:
    try:
        return source.read(path, LARGEST_ROOT)
    except TooLong:
        problem = Problem(
            path, f"is longer than the {LARGEST_ROOT} bytes that clients take", _FETCH
        )
        raise CannotImport([problem]) from None


def _version(data: bytes, name: str) -> int:
    try:
        version: int = parse_document(data, Root).signed.version
    except InvalidMetadata as error:
        raise CannotImport(
            [Problem(name, str(error), "use a root that clients can read")]
        ) from error
    return version


def _expect_no_gap(roots: dict[int, bytes], oldest: int | None) -> int:
    """Return the oldest version from which none is missing."""
    first = max(roots)
    while first - 1 in roots:
        first -= 1
    below = [each for each in roots if each < first and each >= (oldest or 1)]
    if not below:
        return first
    last = max(below) + 1
    which = f"root {last}" if last == first - 1 else f"roots {last} to {first - 1}"
    mend = f"bring the missing files, or set oldest-root = {first} in tufline.toml on main"
    raise CannotImport([Problem(which, "missing, so clients with an older root are cut off", mend)])


def _readable(state: State, version: int) -> Document[Root]:
    root = state.historic_root(version)
    name = f"{version}.root.json"
    if not isinstance(root, Document):
        reason = root.reason if isinstance(root, Unreadable) else "missing"
        mend = "replace what cannot be read in a new root first, with the tools that made it"
        raise CannotImport([Problem(name, reason, mend)])
    if root.signed.version != version:
        reason = f"says it is version {root.signed.version}"
        raise CannotImport([Problem(name, reason, "give the file its right name")])
    word = delegation_of(ROOT, root, ROOT)
    if word is None or not tally(root, word, LocalKeys()).met:
        raise NotTrusted(f"root {version}", "is not signed by its own keys")
    return root


def _expect_known(known: bytes, state: State, start: int, newest: int) -> None:
    version = _version(known, "the root of --root")
    there = state.historic_root(version)
    if not isinstance(there, Document):
        raise NotTrusted(f"root {version}", f"of --root is not among the roots up to {newest}")
    if there.payload != parse_document(known, Root).payload:
        raise NotTrusted(f"root {version}", "is another one than that of --root")
    if start > version:
        raise NotTrusted(f"root {start}", f"does not lead back to root {version} of --root")
