"""The types of metadata's fields, where python-tuf takes any.

Other clients do not: `"threshold": true` is 1 in Python and no metadata in Go or Rust. And the code
after this may rely on the types that python-tuf's annotations promise.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Any

from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Role, Root, Targets


def wrong_type(metadata: Metadata[Any]) -> str | None:
    """Return the first field that is not of the type the specification states, or None."""
    return next(_wrong_fields(metadata), None)


def _wrong_fields(metadata: Metadata[Any]) -> Iterator[str]:
    for signature in metadata.signatures.values():
        if not _are_texts([signature.keyid, signature.signature]):
            yield "signatures"
    signed = metadata.signed
    if not _is_integer(signed.version):
        yield "version"
    if isinstance(signed, Root):
        yield from _in_root(signed)
    if isinstance(signed, Targets):
        yield from _in_targets(signed)


def _in_root(root: Root) -> Iterator[str]:
    if not _is(root.consistent_snapshot, bool | None):
        yield "consistent_snapshot"
    for name, role in root.roles.items():
        yield from _in_role(name, role)


def _in_targets(targets: Targets) -> Iterator[str]:
    for target in targets.targets.values():
        if not _is_integer(target.length) or not _is(target.hashes, dict):
            yield f"length or hashes of {target.path}"
    if targets.delegations is not None:
        yield from _in_delegations(targets.delegations)


def _in_delegations(delegations: Delegations) -> Iterator[str]:
    for name, role in (delegations.roles or {}).items():
        yield from _in_role(name, role)
        if not _is(role.name, str):
            yield f"name of delegated role {name}"


def _in_role(name: str, role: Role) -> Iterator[str]:
    if not _is_integer(role.threshold):
        yield f"threshold of {name}"
    if not _are_texts(role.keyids):
        yield f"keyids of {name}"
    if isinstance(role, DelegatedRole):
        if not _is(role.terminating, bool):
            yield f"terminating of {name}"
        if not _are_texts([] if role.paths is None else role.paths):
            yield f"paths of {name}"


def _is(value: object, kind: type | UnionType) -> bool:
    return isinstance(value, kind)


def _is_integer(value: object) -> bool:
    return type(value) is int  # True is an `int` by `isinstance`


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
