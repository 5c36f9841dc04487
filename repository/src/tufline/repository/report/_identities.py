"""Signatures of Sigstore identities: who signed, in place of the bundle that proves it.

The bundle of a signature that verified says nothing that a person could judge. All else is shown
value by value: a bundle of a signature that does not count, one that was exchanged without its
signature, and whatever lies beside it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from tufline.repository.changes import (
    ABSENT,
    Changes,
    Fact,
    MetadataChange,
    SignatureChanged,
    ValueChanged,
)
from tufline.repository.identities import BUNDLE
from tufline.repository.report._sentences import sentence
from tufline.repository.report._text import Sentence, name
from tufline.repository.review import IdentitySignature, Review

Verified: TypeAlias = Mapping[tuple[str | None, str], IdentitySignature]
"""Signatures of identities that verified, by role and key id."""


def verified_identities(review: Review) -> Verified:
    """Return whose signatures review verified."""
    return {(role.name, each.keyid): each for role in review.roles for each in role.identities}


def without_bundles(changes: Changes, verified: Verified) -> Changes:
    """Return the changes without what makes up the bundles of new, verified signatures."""
    metadata = (_without_bundles(each, verified) for each in changes.metadata)
    return replace(changes, metadata=tuple(metadata))


def signature_sentence(fact: Fact, role: str | None, verified: Verified) -> Sentence:
    """Return a fact about signatures in words, with the identity that signed, if one did."""
    if isinstance(fact, SignatureChanged) and fact.after:
        found = verified.get((role, fact.signer.keyid))
        if found is not None:
            by = ("; signed by ", name(found.identity), " (", name(found.issuer), "), verified")
            return (*sentence(fact), *by)
    return sentence(fact)


def _without_bundles(change: MetadataChange, verified: Verified) -> MetadataChange:
    told = {
        fact.signer.keyid
        for fact in change.facts
        if isinstance(fact, SignatureChanged) and (change.role, fact.signer.keyid) in verified
    }
    facts = (fact for fact in change.facts if not _is_of_bundle(fact, told))
    return replace(change, facts=tuple(facts))


def _is_of_bundle(fact: Fact, keyids: set[str]) -> bool:
    """Whether the fact is a value of the bundle that is there now, of one of these keys."""
    match fact:
        case ValueChanged(path=("signatures", keyid, field, *_), after=after):
            return keyid in keyids and field == BUNDLE and after is not ABSENT
        case _:
            return False
