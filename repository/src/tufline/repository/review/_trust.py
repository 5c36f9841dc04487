"""Whom one role's metadata trusts for which roles: what rules on keys and delegations compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from securesystemslib.signer import Key
from tuf.api.metadata import Role, Root, Targets

from tufline.repository.format import Document, key_owner, online_uri
from tufline.repository.state import Loaded


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """The keys and roles that root, or a role that delegates, names. Names may be invalid ones."""

    keys: Mapping[str, Key] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)

    def keys_of(self, role: str) -> tuple[Key, ...]:
        """Return the keys of `role`, in order; an id without a key is left out."""
        named = self.roles.get(role)
        keyids = named.keyids if named else ()
        return tuple(self.keys[keyid] for keyid in keyids if keyid in self.keys)

    def people_of(self, role: str) -> dict[str, frozenset[str]]:
        """Return the key ids of each person who may sign `role`; keys of nobody by their id."""
        offline = [key for key in self.keys_of(role) if online_uri(key) is None]
        holders = dict.fromkeys(key_owner(key) or key.keyid for key in offline)
        return {
            holder: frozenset(k.keyid for k in offline if holder in {key_owner(k), k.keyid})
            for holder in holders
        }

    def online_keys_of(self, role: str) -> tuple[Key, ...]:
        """Return the online keys that may sign `role`."""
        return tuple(key for key in self.keys_of(role) if online_uri(key) is not None)


def trust_of(loaded: Loaded) -> Trust:
    """Return what a metadata file says; nothing where it cannot be read or trusts nobody."""
    if not isinstance(loaded, Document):
        return Trust()
    signed: Root | Targets = loaded.signed
    if isinstance(signed, Root):
        return Trust(keys=signed.keys, roles=signed.roles)
    if signed.delegations is None:
        return Trust()
    return Trust(keys=signed.delegations.keys, roles=signed.delegations.roles or {})
