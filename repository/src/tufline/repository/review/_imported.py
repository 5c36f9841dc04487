"""Repositories that other tools made: the root that clients hold, and who holds its keys.

Such a root has keys without owner and without URI. The import names them in its new root, under
new ids, for an id follows from a key's content (TUF 4.2). Clients come from the root before it, so
the same keys must sign under their old ids once more: the holders are the same.
"""

import copy
from collections.abc import Iterable
from dataclasses import replace

from securesystemslib.signer import Key

from tufline.repository.format import (
    TARGETS,
    Document,
    key_material,
    key_owner,
    online_uri,
    set_key_owner,
    set_online_uri,
    stated_owner,
)
from tufline.repository.state import Delegation, LoadedRoot, State


def imported_root(event: State, oldest: int | None) -> LoadedRoot:
    """Return the root before the event's, where an import brings both; not one before `oldest`."""
    root = event.root()
    before = root.signed.version - 1 if isinstance(root, Document) else 0
    return None if before < max(1, oldest or 1) else event.historic_root(before)


def brings_new_targets(event: State) -> bool:
    """Whether a state holds a version of targets that its snapshot does not know yet.

    An import makes such a version: its snapshot is another repository's, and what that lists is
    published long since, signed for the root of then.
    """
    snapshot, targets = event.snapshot(), event.targets(TARGETS)
    if not isinstance(snapshot, Document) or not isinstance(targets, Document):
        return False
    published = snapshot.signed.meta.get(f"{TARGETS}.json")
    return published is not None and published.version < targets.signed.version


def with_holders(delegation: Delegation, known: Iterable[Key]) -> Delegation:
    """Return the delegation with holders from `known` for its keys that name none.

    Keys are compared by their public part; their ids stay. Who holds a key does not matter to
    whether its signatures verify.
    """
    if not any(map(_is_nobodys, delegation.keys.values())):
        return delegation
    holders = {material: key for key in known if (material := key_material(key)) is not None}
    keys = {
        keyid: _held(key, holders.get(key_material(key) or "")) if _is_nobodys(key) else key
        for keyid, key in delegation.keys.items()
    }
    return replace(delegation, keys=keys)


def _is_nobodys(key: Key) -> bool:
    return stated_owner(key) is None and online_uri(key) is None


def _held(key: Key, named: Key | None) -> Key:
    person = key_owner(named) if named else None
    uri = online_uri(named) if named else None
    held = copy.deepcopy(key)
    if person:
        set_key_owner(held, person)
    elif uri:
        set_online_uri(held, uri)
    return held
