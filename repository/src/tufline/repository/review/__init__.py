"""Judging a change: `review`, its rules, and its answer."""

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
    "MOST_DETACHED",
    "Case",
    "Counts",
    "Defective",
    "Detached",
    "Finding",
    "KeyVerifier",
    "Lineage",
    "LocalKeys",
    "Policy",
    "PreviousRoot",
    "Purpose",
    "Ready",
    "Refused",
    "Review",
    "RoleCase",
    "RoleReview",
    "Severity",
    "SignedDocument",
    "Tally",
    "Trust",
    "Unchanged",
    "Verdict",
    "VerifierFor",
    "Voided",
    "Waiting",
    "brings_new_targets",
    "judge_detached",
    "judge_signature",
    "keys_alone",
    "oldest_verifying_root",
    "review",
    "review_case",
    "review_json",
    "tally",
    "trust_of",
    "with_holders",
]
