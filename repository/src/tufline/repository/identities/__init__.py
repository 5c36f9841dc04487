"""Sigstore identities in place of keys: signed with, and verified, by a Sigstore that is pinned.

Whom to trust and where to sign is what the repository itself delivers to Sigstore clients, as its
known good has it. The library for Sigstore is an extra (`tufline-repository[sigstore]`): without it
identities count for nothing, and nothing here imports it before an identity signs or has signed.

    verifier = verifier_for(known_good)                   # whose word for that trust is taken
    verifier.verify(key, signature, payload)              # without the network
    expect_identity(key, token)                           # before anything is signed
    signature = sign_as_identity(key, verifier.trust, token, payload)
"""

from tufline.repository.identities._pinned import (
    EitherVerifier,
    NotVouchedFor,
    PinnedIdentity,
    PinnedKeys,
    is_root,
    verifier_for,
)
from tufline.repository.identities._signing import SignedByAnother, sign_as_identity
from tufline.repository.identities._tokens import (
    TOKEN_VARIABLE,
    LoginFailed,
    OtherIdentity,
    UnusableToken,
    expect_identity,
    expect_same,
    is_valid_now,
    log_in,
    reason_of,
)
from tufline.repository.identities._trust import (
    SIGNING_CONFIG,
    TRUSTED_ROOT,
    NoPinnedTrust,
    PinnedTrust,
    pinned_trust,
)
from tufline.repository.identities._verifying import BUNDLE, IdentityKeys

__all__ = [
    "BUNDLE",
    "SIGNING_CONFIG",
    "TOKEN_VARIABLE",
    "TRUSTED_ROOT",
    "EitherVerifier",
    "IdentityKeys",
    "LoginFailed",
    "NoPinnedTrust",
    "NotVouchedFor",
    "OtherIdentity",
    "PinnedIdentity",
    "PinnedKeys",
    "PinnedTrust",
    "SignedByAnother",
    "UnusableToken",
    "expect_identity",
    "expect_same",
    "is_root",
    "is_valid_now",
    "log_in",
    "pinned_trust",
    "reason_of",
    "sign_as_identity",
    "verifier_for",
]
