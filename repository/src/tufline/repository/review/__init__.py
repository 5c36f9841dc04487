"""Judging a change: `review`, its rules, and its answer."""

from tufline.repository.review._attestations import (
    MOST_ATTESTATIONS,
    Origin,
    Rejected,
    Unattested,
    judge_attestation,
    judge_attestations,
    new_keys,
    vendors_of,
)
from tufline.repository.review._case import Case, Purpose, RoleCase
from tufline.repository.review._detached import (
    MOST_DETACHED,
    Counts,
    Defective,
    Detached,
    Voided,
    judge_detached,
    judge_signature,
)
from tufline.repository.review._finding import Finding, Severity
from tufline.repository.review._imported import brings_new_targets, with_holders
from tufline.repository.review._json import review_json
from tufline.repository.review._policy import CLOCK_TOLERANCE, Lineage, Policy
from tufline.repository.review._reach import keys_before, out_of_reach
from tufline.repository.review._review import review, review_case
from tufline.repository.review._roots import oldest_verifying_root
from tufline.repository.review._signatures import (
    KeyVerifier,
    LocalKeys,
    SignedDocument,
    Tally,
    VerifierFor,
    keys_alone,
    tally,
)
from tufline.repository.review._trust import Trust, trust_of
from tufline.repository.review._verdict import (
    IdentitySignature,
    PreviousRoot,
    Ready,
    Refused,
    Review,
    RoleReview,
    Unchanged,
    Verdict,
    Waiting,
)

__all__ = [
    "CLOCK_TOLERANCE",
    "MOST_ATTESTATIONS",
    "MOST_DETACHED",
    "Case",
    "Counts",
    "Defective",
    "Detached",
    "Finding",
    "IdentitySignature",
    "KeyVerifier",
    "Lineage",
    "LocalKeys",
    "Origin",
    "Policy",
    "PreviousRoot",
    "Purpose",
    "Ready",
    "Refused",
    "Rejected",
    "Review",
    "RoleCase",
    "RoleReview",
    "Severity",
    "SignedDocument",
    "Tally",
    "Trust",
    "Unattested",
    "Unchanged",
    "Verdict",
    "VerifierFor",
    "Voided",
    "Waiting",
    "brings_new_targets",
    "judge_attestation",
    "judge_attestations",
    "judge_detached",
    "judge_signature",
    "keys_alone",
    "keys_before",
    "new_keys",
    "oldest_verifying_root",
    "out_of_reach",
    "review",
    "review_case",
    "review_json",
    "tally",
    "trust_of",
    "vendors_of",
    "with_holders",
]
