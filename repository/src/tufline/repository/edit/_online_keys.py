"""The keys that the pipeline signs with."""

from collections.abc import Iterable

from securesystemslib.signer import Key

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import NotOnlineRole
from tufline.repository.edit._invite import delegators_of
from tufline.repository.edit._keys import OnlineKey, pipeline_key
from tufline.repository.edit._signers import signers_of
from tufline.repository.edit._terms import expect_threshold
from tufline.repository.edit._trust import (
    Delegator,
    distrust,
    expect_unshared,
    role_in,
    trust,
    trusted_keys,
)
from tufline.repository.format import RoleName, online_uri


def set_online_keys(draft: Draft, role: RoleName, keys: Iterable[OnlineKey]) -> None:
    """Let exactly these online keys sign `role`: snapshot, timestamp, or one without people."""
    placed = [pipeline_key(online) for online in keys]
    trusting = [draft.delegator(delegator) for delegator in delegators_of(draft, role)]
    for delegator in trusting:
        _expect_online(draft, delegator, role)
        expect_threshold(role, role_in(delegator, role).threshold, len(placed))
        for key in placed:
            expect_unshared(delegator, key)
    for delegator in trusting:
        _trust_exactly(delegator, role, placed)


def _trust_exactly(delegator: Delegator, role: RoleName, keys: Iterable[Key]) -> None:
    wanted = {key.keyid: key for key in keys}
    distrust(delegator, role, set(role_in(delegator, role).keyids) - wanted.keys())
    for key in wanted.values():
        trust(delegator, role, key)


def _expect_online(draft: Draft, delegator: Delegator, role: RoleName) -> None:
    keys = trusted_keys(delegator, role).values()
    if signers_of(draft, role) or not all(online_uri(key) for key in keys):
        raise NotOnlineRole(role)
