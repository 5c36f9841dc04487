"""A repository that other tools made: the next version of each role, with what our format adds.

The keys stay the same. Each says whose it is, and its id follows from that, since clients recompute
it (TUF 4.2). So nothing of a legacy id is left but where clients come from: the root before the new
one, whose keys sign once more under their old ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from securesystemslib.signer import Key
from tuf.api.metadata import Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import AlreadyStarted
from tufline.repository.edit._keys import OnlineKey, personal_key, pipeline_key
from tufline.repository.edit._terms import expect_periods
from tufline.repository.edit._trust import Delegator, all_keys, all_roles
from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    Owner,
    Periods,
    RoleName,
    content_keyid,
    key_owner,
    online_uri,
    periods_holder,
    set_role_periods,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Adoption:
    """What our format says beyond what a repository says by itself.

    Attributes:
        owners: who holds a key, by its id of now.
        uris: where an online key is, likewise.
        periods: of every role, those of snapshot and timestamp too.
    """

    owners: Mapping[str, Owner]
    uris: Mapping[str, str]
    periods: Mapping[RoleName, Periods]


def adopt(draft: Draft, roles: Mapping[RoleName, Delegator], adoption: Adoption) -> None:
    """Let the repository have these roles of another, with holders and periods added.

    `draft` must know their versions (`seen_versions`). `roles` are changed. Keys that no role uses
    are left out. Raise `AlreadyStarted`, `UnusablePeriods`.
    """
    if draft.known_good.root() is not None or draft.event.root() is not None:
        raise AlreadyStarted
    for role, periods in adoption.periods.items():
        expect_periods(role, periods)
    for role, signed in roles.items():
        _name_holders(signed, adoption)
        if isinstance(signed, Targets):
            draft.add_targets(role, signed)
        else:
            signed.consistent_snapshot = True  # what is published has versions in its names
            draft.add_root(signed)
    for role, periods in adoption.periods.items():
        signed = roles[ROOT if role in ONLINE_ROLES else role]
        set_role_periods(periods_holder(role, signed), periods)


def _name_holders(signed: Delegator, adoption: Adoption) -> None:
    named = list(all_roles(signed))
    used = dict.fromkeys(keyid for role in named for keyid in role.keyids)
    keys = all_keys(signed)
    held = {keyid: _held(keys[keyid], adoption) for keyid in used if keyid in keys}
    for role in named:
        keyids = (held[keyid].keyid for keyid in role.keyids if keyid in held)
        role.keyids[:] = dict.fromkeys(keyids)
    keys.clear()
    keys.update({key.keyid: key for key in held.values()})


def _held(key: Key, adoption: Adoption) -> Key:
    """Return the key with its holder; what it says of that itself stays."""
    if key_owner(key) or online_uri(key):
        key.keyid = content_keyid(key)
        return key
    if key.keyid in adoption.uris:
        return pipeline_key(OnlineKey(key=key, uri=adoption.uris[key.keyid]))
    return personal_key(key, adoption.owners[key.keyid])
