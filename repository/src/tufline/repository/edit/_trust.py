"""Whom a delegator trusts: the keys of its roles. The same for root and targets-type roles."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from securesystemslib.signer import Key
from tuf.api.metadata import DelegatedRole, Role, Root, Targets

from tufline.repository.edit._errors import IdentityForRoot, KeyInUse, UnknownRole
from tufline.repository.format import (
    ROOT,
    Owner,
    RoleName,
    is_sigstore_key,
    key_material,
    key_owner,
    signer_label,
)

Delegator: TypeAlias = Root | Targets


def delegated_roles(targets: Targets) -> Mapping[str, DelegatedRole]:
    """Return the roles that a targets-type role delegates to by name."""
    return (targets.delegations.roles or {}) if targets.delegations else {}


def find_role(delegator: Delegator, role: RoleName) -> Role | None:
    """Return what `delegator` says of `role`, or None."""
    if isinstance(delegator, Root):
        return delegator.roles.get(role)
    return delegated_roles(delegator).get(role)


def role_in(delegator: Delegator, role: RoleName) -> Role:
    """Return what `delegator` says of `role`; raise `UnknownRole` if it says nothing."""
    named = find_role(delegator, role)
    if named is None:
        raise UnknownRole(role)
    return named


def all_keys(delegator: Delegator) -> dict[str, Key]:
    """Return the delegator's keys by id, whichever role they belong to."""
    if isinstance(delegator, Root):
        return delegator.keys
    return delegator.delegations.keys if delegator.delegations else {}


def trusted_keys(delegator: Delegator, role: RoleName) -> dict[str, Key]:
    """Return the keys of `role` by id, in the delegator's order."""
    named = find_role(delegator, role)
    keys = all_keys(delegator)
    return {keyid: keys[keyid] for keyid in named.keyids if keyid in keys} if named else {}


def keys_of_people(delegator: Delegator, role: RoleName) -> dict[Owner, Key]:
    """Return the keys of `role` that people hold, by person."""
    owned = ((key_owner(key), key) for key in trusted_keys(delegator, role).values())
    return {person: key for person, key in owned if person}


def count_other_keys(delegator: Delegator, role: RoleName) -> int:
    """Return how many keys of `role` are no person's: online keys, as a rule."""
    return sum(1 for key in trusted_keys(delegator, role).values() if not key_owner(key))


def trust(delegator: Delegator, role: RoleName, key: Key) -> None:
    """Let `key` sign `role`, last in the order unless it stands there already.

    Raise `IdentityForRoot` for a key that never counts there.
    """
    _expect_may_sign(role, key)
    keyids = role_in(delegator, role).keyids
    if key.keyid not in keyids:
        keyids.append(key.keyid)
    all_keys(delegator)[key.keyid] = key


def _expect_may_sign(role: RoleName, key: Key) -> None:
    if role == ROOT and is_sigstore_key(key):
        raise IdentityForRoot(key.keyval["identity"])


def distrust(delegator: Delegator, role: RoleName, keyids: Collection[str]) -> None:
    """Let the keys no longer sign `role`."""
    named = role_in(delegator, role)
    named.keyids[:] = [keyid for keyid in named.keyids if keyid not in keyids]
    forget_unused(delegator, keyids)


def replace_keys(delegator: Delegator, old: Collection[str], new: Key) -> None:
    """Put `new` in the place of each of the `old` keys, in every role; raise as `trust` does."""
    root = find_role(delegator, ROOT) if isinstance(delegator, Root) else None
    if root is not None and not {*old}.isdisjoint(root.keyids):
        _expect_may_sign(ROOT, new)
    for role in all_roles(delegator):
        replaced = (new.keyid if keyid in old else keyid for keyid in role.keyids)
        role.keyids[:] = dict.fromkeys(replaced)
    all_keys(delegator)[new.keyid] = new
    forget_unused(delegator, (*old, new.keyid))


def forget_unused(delegator: Delegator, keyids: Iterable[str]) -> None:
    """Remove those of the keys that no role uses any more."""
    used = {keyid for role in all_roles(delegator) for keyid in role.keyids}
    for keyid in keyids:
        if keyid not in used:
            all_keys(delegator).pop(keyid, None)


def expect_unshared(delegator: Delegator, key: Key) -> None:
    """Raise `KeyInUse` if somebody else, or the pipeline, holds the same key."""
    material = key_material(key)
    for other in all_keys(delegator).values():
        same = material is not None and key_material(other) == material
        if same and key_owner(other) != key_owner(key):
            raise KeyInUse(signer_label(other))


def all_roles(delegator: Delegator) -> Collection[Role]:
    """Return what the delegator says of each role that it delegates to."""
    if isinstance(delegator, Root):
        return delegator.roles.values()
    return delegated_roles(delegator).values()
