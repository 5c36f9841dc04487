"""A metadata file or the state file, as facts: which describer looks at which part."""

from collections.abc import Iterator
from typing import Final

from tufline.repository.changes._artifacts import describe_artifacts, describe_entries
from tufline.repository.changes._facts import ExpiryChanged, HeaderChanged, VersionChanged
from tufline.repository.changes._keys import describe_keys
from tufline.repository.changes._pair import Described, Pair, unknown, with_the_rest
from tufline.repository.changes._roles import (
    describe_delegated_roles,
    describe_periods,
    describe_root_roles,
)
from tufline.repository.changes._signatures import describe_invitations, describe_signatures
from tufline.repository.changes._signers import Directory, Rings
from tufline.repository.format import FIELD_MEANINGS

_HEADER: Final[tuple[tuple[str, type], ...]] = (
    ("_type", str),
    ("spec_version", str),
    ("consistent_snapshot", bool),
)
_SIMPLE: Final = frozenset({"version", "expires", *(field for field, _ in _HEADER)})
_PARTS: Final = frozenset({"keys", "roles", "delegations", "targets", "meta"})
_KNOWN: Final = _SIMPLE | _PARTS | FIELD_MEANINGS.keys()


def describe_metadata(pair: Pair, rings: Rings, directory: Directory) -> Iterator[Described]:
    """Describe a metadata file of any role."""
    signed = pair.child("signed")
    yield from _describe_head(signed)
    yield from describe_periods(signed, None)
    yield from describe_root_roles(signed.child("roles"), rings)
    yield from describe_keys(signed.child("keys"), rings)
    yield from _describe_delegations(signed.child("delegations"), rings)
    yield from describe_artifacts(signed.child("targets"))
    yield from describe_entries(signed.child("meta"))
    yield from _describe_unknown(signed)
    yield from describe_signatures(pair.child("signatures"), directory)


def describe_state_file(pair: Pair) -> Iterator[Described]:
    """Describe the state file of an event."""
    yield from describe_invitations(pair.child("invites"))


def _describe_head(signed: Pair) -> Iterator[Described]:
    version, expires = signed.child("version"), signed.child("expires")
    numbers, times = version.values(int), expires.values(str)
    if numbers:
        yield Described(VersionChanged(before=numbers[0], after=numbers[1]), (version.path,))
    if times:
        yield Described(ExpiryChanged(before=times[0], after=times[1]), (expires.path,))
    for field, kind in _HEADER:
        part = signed.child(field)
        values = part.values(kind)
        if values:
            fact = HeaderChanged(field=field, before=values[0], after=values[1])
            yield Described(fact, (part.path,))


def _describe_delegations(pair: Pair, rings: Rings) -> Iterator[Described]:
    known = {"keys", "roles"}
    yield from describe_delegated_roles(pair.child("roles"), rings)
    yield from describe_keys(pair.child("keys"), rings)
    for name, part in pair.children():
        if name not in known:
            yield from with_the_rest(part, ())


def _describe_unknown(signed: Pair) -> Iterator[Described]:
    for name, part in signed.children():
        if name not in _KNOWN:
            for leaf in part.leaves():
                yield unknown(leaf)
