"""The words for verdicts, severities and signers. All reports take them from here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, assert_never

from tufline.repository.changes import Content
from tufline.repository.forge import CheckVerdict
from tufline.repository.format import RoleName
from tufline.repository.report._text import Sentence, Shown, joined, name, prose
from tufline.repository.review import (
    Finding,
    PreviousRoot,
    Ready,
    Refused,
    Review,
    RoleReview,
    Severity,
    Unchanged,
    Verdict,
    Waiting,
)

SEVERITIES: Final = {Severity.ERROR: "ERROR", Severity.NOTICE: "notice"}

DUTIES: Final = "Who must act"
CHECKS: Final = "What else was tried"
CHECK_VERDICTS: Final = {
    CheckVerdict.PASSED: "passed:",
    CheckVerdict.FAILED: "FAILED:",
    CheckVerdict.INCONCLUSIVE: "says nothing:",
}
CHANGES: Final = "What changes"
CONTENTS: Final = "What changes inside of the files"
SIGNERS: Final = "Who signs"
FINDINGS: Final = "Findings"
VALUES: Final = "Changed values without a sentence above"
ALL_VALUES: Final = "All changed values"
SIGNATURES: Final = "Signatures, as the files have them"


def headline(verdict: Verdict) -> str:
    """Return what the verdict means for a reader, after its word in capitals."""
    return f"{verdict.word.upper()}: {_meaning(verdict)}"


def explanation(review: Review) -> tuple[Sentence, ...]:
    """Return what a waiting change needs, one sentence per need."""
    if not isinstance(review.verdict, Waiting):
        return ()
    needs = (each for role in review.roles if not role.ready for each in _needs(role))
    others = (_need(need) for need in review.verdict.needs)
    return (*needs, *others)


def role_heading(role: RoleReview) -> Sentence:
    """Return the role, its version, and how far its signatures are."""
    version = "" if role.version is None else f", version {role.version}"
    return (name(role.name), f"{version}: {_progress(role)}")


def previous_heading(role: RoleName, previous: PreviousRoot) -> Sentence:
    """Return how far the signatures are, counted by the root that clients hold now."""
    count = f"needs {_signatures(previous.threshold)}, has {len(previous.signed)}"
    return (name(role), f", counted by the root that clients hold now: {count}")


def content_words(content: Content | None) -> Sentence:
    """Return what lies at a path."""
    if content is None:
        return ("nothing",)
    kind = "" if content.kind == "file" else f"{content.kind}, "
    return (f"{kind}{size(content.size)}, sha256 ", Shown(content.sha256))


def size(number: int) -> str:
    """Return a number of bytes with its unit."""
    return "1 byte" if number == 1 else f"{number} bytes"


def moment(when: datetime) -> str:
    """Return a time, which must be UTC, to the second."""
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"


def _meaning(verdict: Verdict) -> str:
    match verdict:
        case Ready():
            return "sound, and every needed signature is there"
        case Waiting():
            return "sound so far, but not complete"
        case Refused(findings=findings):
            problems = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
            return f"do not sign or merge this, {problems} below"
        case Unchanged():
            return "nothing differs from what is accepted already"
        case _:
            assert_never(verdict)


def _needs(role: RoleReview) -> Iterator[Sentence]:
    """Yield whose signatures the role needs, by what delegates it now and by the root before."""
    now = _more(role.threshold or 0, role.signed, role.missing)
    if now:
        yield (name(role.name), *now)
    if role.previous is not None:
        previous = role.previous
        before = _more(previous.threshold, previous.signed, previous.missing)
        if before and before != now:
            yield (name(role.name), ", counted by the root that clients hold now,", *before)
    for person in role.invited:
        yield (name(person), " has to accept the invitation to sign ", name(role.name))


def _need(finding: Finding) -> Sentence:
    subject = finding.path or finding.role
    return (*((name(subject), ": ") if subject else ()), prose(finding.message))


def _more(threshold: int, signed: tuple[str, ...], missing: tuple[str, ...]) -> Sentence:
    more = threshold - len(signed)
    if more <= 0 or not missing:
        return ()
    return (f" needs {more} more {_noun(more)}, of: ", *joined(map(name, missing)))


def _progress(role: RoleReview) -> str:
    if role.threshold is None:
        return "nobody delegates this role"
    count = f"needs {_signatures(role.threshold)}, has {len(role.signed)}"
    return f"{count}, complete" if role.ready else f"{count}, not complete"


def _signatures(number: int) -> str:
    return f"{number} {_noun(number)}"


def _noun(number: int) -> str:
    return "signature" if number == 1 else "signatures"
