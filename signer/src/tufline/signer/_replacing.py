"""A person's new key in the place of the old: what proves that both are in the same hands. Pure."""

import secrets
from collections.abc import Iterator
from typing import Final

from securesystemslib.signer import Key

from tufline.repository.format import ROOT, Owner, canonical_json, key_owner
from tufline.repository.review import trust_of
from tufline.repository.state import State, delegation_graph

# No metadata begins like this: metadata is canonical JSON, which begins with a brace.
_PREFIX: Final = b"tufline proof of possession: this is no TUF metadata\n"
_NONCE_BYTES: Final = 32


def keys_of(person: Owner, state: State) -> tuple[Key, ...]:
    """Return the person's keys, each once, whichever roles they sign."""
    found = {key.keyid: key for key in _all_keys(state) if key_owner(key) == person}
    return tuple(found.values())


def proof_payload(event: str, person: Owner, new_key: Key) -> bytes:
    """Return what the new key and the old one sign: a nonce, and who replaces what where."""
    nonce = secrets.token_hex(_NONCE_BYTES)
    told = {"event": event, "owner": person, "keyid": new_key.keyid, "nonce": nonce}
    return _PREFIX + canonical_json(told)


def _all_keys(state: State) -> Iterator[Key]:
    for role in (ROOT, *delegation_graph(state).children):
        yield from trust_of(state.role(role)).keys.values()
