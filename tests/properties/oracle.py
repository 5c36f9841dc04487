"""Whether every threshold signed what changed: python-tuf's own answer, without our code.

It knows nothing of rules. It says no to whatever python-tuf cannot read, and to every changed role
that `verify_delegate` does not verify by whoever delegates it, before and after the change.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from securesystemslib.formats import encode_canonical
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, Targets
from tuf.api.serialization import DeserializationError

Contents: TypeAlias = Mapping[str, bytes]
Delegator: TypeAlias = Root | Targets
OLD_ROOT = "the old root"


def unsigned_roles(base: Contents, event: Contents, *, everything: bool) -> set[str]:
    """Return the roles, of those that changed or of all, that a threshold did not sign.

    An event may not bring the metadata of a role that nobody delegates; main may hold one, for it
    is not published.
    """
    found = set()
    files = () if everything else _roles_with_files(event)
    for role in {"root", "targets", *_delegated(event), *files}:
        changed = everything or _file(base, role) != _file(event, role)
        delegators = list(_delegators(base, event, role))
        concerned = [each for each in delegators if changed or _differs(base, event, each, role)]
        if (changed and not delegators) or not all(
            _verifies(event, each, role) for each in concerned
        ):
            found.add(role)
    return found


def _delegators(
    base: Contents, event: Contents, role: str
) -> Iterator[tuple[str, Delegator | None]]:
    """Yield each delegator with its name; None where it cannot be read."""
    if role in {"root", "targets"}:
        yield "root", _load(event, "root")
        if _file(base, "root") and _file(base, "root") != _file(event, "root"):
            yield OLD_ROOT, _load(base, "root")
        return
    for name in ("targets", *_delegated(event)):
        delegator = _load(event, name)
        if isinstance(delegator, Targets) and _names(delegator, role):
            yield name, delegator


def _verifies(event: Contents, named: tuple[str, Delegator | None], role: str) -> bool:
    data = _file(event, role)
    if data is None or named[1] is None:
        return False
    try:
        metadata: Metadata[Any] = Metadata.from_bytes(data)
        payload = encode_canonical(json.loads(data)["signed"]) or ""
        named[1].verify_delegate(role, payload.encode(), metadata.signatures)
    except (DeserializationError, UnsignedMetadataError, ValueError):
        return False
    return True


def _differs(
    base: Contents, event: Contents, named: tuple[str, Delegator | None], role: str
) -> bool:
    """Whether known good's delegator said something else of the role's keys and threshold."""
    name, delegator = named
    if name != OLD_ROOT and _file(base, name) == _file(event, name):
        return False
    before = _load(base, name)
    return before is None or _says(before, role) != _says(delegator, role)


def _says(delegator: Delegator | None, role: str) -> object:
    if isinstance(delegator, Root):
        named: Any = delegator.roles.get(role)
        keys = delegator.keys
    elif isinstance(delegator, Targets) and delegator.delegations:
        named = (delegator.delegations.roles or {}).get(role)
        keys = delegator.delegations.keys
    else:
        return None
    return named and (named.keyids, named.threshold, [keys.get(each) for each in named.keyids])


def _delegated(event: Contents) -> list[str]:
    """Return the roles that delegations from targets lead to."""
    found: list[str] = []
    waiting = ["targets"]
    while waiting:
        delegator = _load(event, waiting.pop())
        if isinstance(delegator, Targets) and delegator.delegations:
            new = [name for name in delegator.delegations.roles or () if name not in found]
            found += new
            waiting += new
    return found


def _names(delegator: Targets, role: str) -> bool:
    delegations = delegator.delegations
    return delegations is not None and role in (delegations.roles or ())


def _roles_with_files(event: Contents) -> Iterator[str]:
    """Yield the roles that have metadata, those of the online key aside."""
    for path in event:
        folder, _, name = path.rpartition("/")
        online = name in {"snapshot.json", "timestamp.json"}
        if folder == "metadata" and name.endswith(".json") and not online:
            yield name.removesuffix(".json")


def _load(contents: Contents, role: str) -> Delegator | None:
    data = _file(contents, role)
    try:
        signed = Metadata.from_bytes(data).signed if data is not None else None
    except DeserializationError:
        return None
    return signed if isinstance(signed, Root | Targets) else None


def _file(contents: Contents, role: str) -> bytes | None:
    return contents.get(f"metadata/{role}.json")
