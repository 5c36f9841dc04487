"""Keys as this format holds them: with their holder, under the id that belongs to both."""

import copy
from dataclasses import dataclass

from securesystemslib.signer import Key

from tufline.repository.format import Owner, content_keyid, set_key_owner, set_online_uri


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlineKey:
    """A key that the pipeline signs with, and where it is.

    Attributes:
        key: the public key; its id does not matter.
        uri: the securesystemslib signer URI ("gcpkms:…", "file2:…").
    """

    key: Key
    uri: str


def personal_key(key: Key, person: Owner) -> Key:
    """Return a copy of `key` that says who holds it, under the id that follows from that."""
    owned = copy.deepcopy(key)
    set_key_owner(owned, person)
    owned.keyid = content_keyid(owned)
    return owned


def pipeline_key(online: OnlineKey) -> Key:
    """Return a copy of the key that says where it is, under the id that follows from that."""
    placed = copy.deepcopy(online.key)
    set_online_uri(placed, online.uri)
    placed.keyid = content_keyid(placed)
    return placed
