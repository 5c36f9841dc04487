"""A person's new key in the place of the old one: new hardware, same signer."""

from securesystemslib.signer import Key

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import KeyUnchanged, NotSigner
from tufline.repository.edit._keys import personal_key
from tufline.repository.edit._trust import Delegator, all_keys, expect_unshared, replace_keys
from tufline.repository.format import ROOT, Attestation, Owner, RoleName, key_owner


def replace_key(
    draft: Draft, person: Owner, new_key: Key, *, attestation: Attestation | None = None
) -> tuple[RoleName, ...]:
    """Replace the person's key wherever a role trusts it; return the changed delegators.

    The new key stands where the old one stood, so that the order of signers is kept.
    `attestation` is what the device says in which the new key was made.
    """
    own = personal_key(new_key, person)
    old = {d: _keyids_of(draft.current(d), person) for d in (ROOT, *draft.delegating_roles())}
    if not any(old.values()):
        raise NotSigner(person)
    changed = tuple(delegator for delegator, keyids in old.items() if keyids - {own.keyid})
    if not changed:
        raise KeyUnchanged(person)
    for delegator in changed:
        expect_unshared(draft.delegator(delegator), own)
    for delegator in changed:
        replace_keys(draft.delegator(delegator), old[delegator], own)
    if attestation is not None:
        draft.attest(own.keyid, attestation)
    return changed


def _keyids_of(delegator: Delegator | None, person: Owner) -> set[str]:
    keys = all_keys(delegator) if delegator else {}
    return {keyid for keyid, key in keys.items() if key_owner(key) == person}
