"""Is main what clients get? Pure: two states in, one of four answers out.

Contents are compared by what is signed, and where that can be known without a download, by the
hash of the published bytes. Signatures alone may differ: git has empty ones, and a role may have
been signed by more people since.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from tuf.api.metadata import Root, Targets

from tufline.repository.format import (
    ROOT,
    AnySigned,
    Document,
    InvalidMetadata,
    RoleName,
    historic_root_path,
    metadata_path,
    parse_document,
)
from tufline.repository.publish import published_bytes
from tufline.repository.review import KeyVerifier, oldest_verifying_root
from tufline.repository.state import LoadedRoot, State, delegation_graph
from tufline.signer.wire._published import Published


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A role whose version differs: what main has, and what clients get. None: it is not there."""

    role: RoleName
    main: int | None
    wire: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """One version of a role that is two things. Digests are SHA-256 (hex) of the published bytes.

    Attributes:
        main: what main has; None: nothing that can be read.
        wire: what clients get; None: nothing, for main's does not follow from the newest they get.
    """

    role: RoleName
    version: int
    main: str | None
    wire: str | None


@dataclass(frozen=True, slots=True)
class Same:
    """Main is what clients get."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MainNewer:
    """Main goes on from what clients get: it was not published yet."""

    ahead: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MainOlder:
    """Clients get what main does not have any more, or never had: main was put back."""

    behind: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Different:
    """Main is not the repository that clients get."""

    conflicts: tuple[Conflict, ...]


Comparison: TypeAlias = Same | MainNewer | MainOlder | Different


def compare(base: State, published: Published, verifier: KeyVerifier) -> Comparison:
    """Compare main with what clients get. What `unclear` names must be in `contents`.

    Snapshot and timestamp are not compared: main need not have them.
    """
    of_roots = compare_roots(base, published.roots, verifier)
    if isinstance(of_roots, Different):
        return of_roots
    found = [*_gaps_of(of_roots), *_targets(base, published)]
    conflicts = tuple(each for each in found if isinstance(each, Conflict))
    gaps = tuple(each for each in found if isinstance(each, Gap))
    behind = tuple(each for each in gaps if _is_behind(each))
    if conflicts:
        return Different(conflicts=conflicts)
    if behind:
        return MainOlder(behind=behind)
    return MainNewer(ahead=gaps) if gaps else Same()


def compare_roots(base: State, roots: Mapping[int, bytes], verifier: KeyVerifier) -> Comparison:
    """Compare main's roots with a verified chain of roots, by version."""
    newest, last = base.root(), max(roots)
    if newest is None:
        return MainOlder(behind=(Gap(role=ROOT, main=None, wire=last),))
    conflicts = tuple(_root_conflicts(base, newest, roots))
    if conflicts or not isinstance(newest, Document):
        return Different(conflicts=conflicts)
    version = newest.signed.version
    gap = Gap(role=ROOT, main=version, wire=last)
    if version < last:
        return MainOlder(behind=(gap,))
    start = oldest_verifying_root(base, newest, verifier)
    if start > last:  # clients do not get from theirs to main's
        link = _digest(_bytes_of_root(base, newest, start))
        return Different(conflicts=(Conflict(role=ROOT, version=start, main=link, wire=None),))
    return Same() if version == last else MainNewer(ahead=(gap,))


def unclear(base: State, published: Published) -> tuple[RoleName, ...]:
    """Return the roles that only a download can compare: of the same version, not known by hash."""
    return tuple(
        role
        for role, listed in published.roles.items()
        if role not in published.contents
        and (data := base.read(metadata_path(role))) is not None
        and listed.sha256 != _digest(data)
        and _version(base, role) == listed.version
    )


def digest_of(base: State, role: RoleName, version: int | None) -> str | None:
    """Return the digest of the published bytes of main's version of a role, if main has it."""
    if role == ROOT and version is not None:
        return _digest(base.read(historic_root_path(version)))
    data = base.read(metadata_path(role))
    return _digest(data) if data and version in {None, _version(base, role)} else None


def _root_conflicts(
    base: State, newest: LoadedRoot, roots: Mapping[int, bytes]
) -> Iterator[Conflict]:
    at = newest.signed.version if isinstance(newest, Document) else max(roots)
    for version, data in roots.items():
        if version > at:
            continue
        ours = newest if version == at else base.historic_root(version)
        if not isinstance(ours, Document) or not _same_content(ours, data, Root):
            main = _digest(_bytes_of_root(base, newest, version))
            yield Conflict(role=ROOT, version=version, main=main, wire=_digest(data))


def _bytes_of_root(base: State, newest: LoadedRoot, version: int) -> bytes | None:
    if isinstance(newest, Document) and newest.signed.version == version:
        return newest.data
    return base.read(historic_root_path(version))


def _targets(base: State, published: Published) -> Iterator[Gap | Conflict]:
    """Yield how the targets-type roles differ."""
    for role in base.targets_roles():
        if role not in published.roles:
            yield Gap(role=role, main=_version(base, role), wire=None)
    gone = set(published.roles) - set(base.targets_roles())
    # The snapshot keeps naming roles that were removed; what main still delegates was taken away.
    delegated = delegation_graph(base).delegators if gone else {}
    for role, listed in published.roles.items():
        if role not in gone:
            yield from _of_role(base, published, role)
        elif role in delegated:
            yield Gap(role=role, main=None, wire=listed.version)


def _of_role(base: State, published: Published, role: RoleName) -> Iterator[Gap | Conflict]:
    data, listed = base.read(metadata_path(role)), published.roles[role]
    if data is not None and listed.sha256 == _digest(data):
        return
    loaded, content = base.targets(role), published.contents.get(role)
    if not isinstance(loaded, Document):
        wire = listed.sha256 or _digest(content)
        yield Conflict(role=role, version=listed.version, main=_digest(data), wire=wire)
    elif loaded.signed.version != listed.version:
        yield Gap(role=role, main=loaded.signed.version, wire=listed.version)
    elif content is None or not _same_content(loaded, content, Targets):
        wire = _digest(content) or listed.sha256
        yield Conflict(role=role, version=listed.version, main=_digest(loaded.data), wire=wire)


def _same_content(ours: Document[AnySigned], data: bytes, kind: type[AnySigned]) -> bool:
    try:
        return parse_document(data, kind).payload == ours.payload
    except InvalidMetadata:
        return False


def _version(base: State, role: RoleName) -> int | None:
    loaded = base.targets(role)
    return loaded.signed.version if isinstance(loaded, Document) else None


def _digest(data: bytes | None) -> str | None:
    if data is None:
        return None
    with suppress(InvalidMetadata):  # then the very bytes are all there is
        data = published_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _is_behind(gap: Gap) -> bool:
    return gap.wire is not None and (gap.main is None or gap.main < gap.wire)


def _gaps_of(comparison: Comparison) -> tuple[Gap, ...]:
    match comparison:
        case MainNewer(ahead=gaps) | MainOlder(behind=gaps):
            return gaps
        case _:
            return ()
