"""The one function that judges a change. The signer's machine and every job call it.

It is pure and total: whatever the files hold, it returns an answer, and what it does not
understand is a finding. Reading the files may fail (a broken object store); that is not an answer
and is raised as the store raises it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tufline.repository.format import Document, RoleName, is_sigstore_key
from tufline.repository.review._attestations import origins
from tufline.repository.review._case import Case, Purpose, RoleCase
from tufline.repository.review._finding import (
    Finding,
    Remark,
    RepositoryRule,
    RoleRule,
    Rule,
    Severity,
)
from tufline.repository.review._policy import Lineage, Policy
from tufline.repository.review._signatures import KeyVerifier, LocalKeys, Tally
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
from tufline.repository.review.rules import REPOSITORY_RULES, ROLE_RULES
from tufline.repository.state import MemoryFiles, State


def review(
    base: State | None,
    event: State,
    *,
    now: datetime,
    purpose: Purpose = Purpose.EVENT,
    policy: Policy | None = None,
    lineage: Lineage | None = None,
    verifier: KeyVerifier | None = None,
) -> Review:
    """Judge the change from `base` to `event`, as of `now` (UTC).

    Without a base everything is new. With `Purpose.ACCEPTED` everything in `event` is judged, and
    what is missing is an error; with `Purpose.EVENT`, what changed, and missing signatures are
    waited for. For an event, `event` is the tree that merging would give.
    """
    case = Case(
        base=base or State(MemoryFiles({})),
        event=event,
        now=now,
        purpose=purpose,
        policy=policy or Policy(),
        lineage=lineage or Lineage(),
        verifier=verifier or LocalKeys(),
    )
    return review_case(case)


def review_case(case: Case) -> Review:
    """Judge a change that is already laid out."""
    findings = [each for rule in REPOSITORY_RULES for each in _apply(rule, case)]
    roles = []
    for name in case.judged:
        role = case.role(name)
        findings.extend(each for rule in ROLE_RULES for each in _apply_to_role(rule, role))
        roles.append(_role_review(role))
    unique = tuple(dict.fromkeys(findings))
    return Review(
        roles=tuple(roles),
        findings=unique,
        verdict=_verdict(case, tuple(roles), unique),
        origins=origins(case),
    )


def _apply(rule: RepositoryRule, case: Case) -> Iterator[Finding]:
    return (_finding(rule, remark, remark.role) for remark in rule.check(case))


def _apply_to_role(rule: RoleRule, role: RoleCase) -> Iterator[Finding]:
    return (_finding(rule, remark, remark.role or role.name) for remark in rule.check(role))


def _finding(rule: Rule, remark: Remark, role: RoleName | None) -> Finding:
    return Finding(
        rule=rule.id,
        severity=remark.severity,
        message=_printable(remark.message),
        role=role,
        path=None if remark.path is None else _printable(remark.path),
        consent=rule.consent,
        waits=remark.waits,
    )


def _printable(text: str) -> str:
    """Return `text` with escapes for what a file name may hold to fool a terminal or a page."""
    if text.isprintable():
        return text
    shown = (
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
    return "".join(shown)


def _role_review(role: RoleCase) -> RoleReview:
    return RoleReview(
        name=role.name,
        version=role.after.signed.version if isinstance(role.after, Document) else None,
        threshold=max((each.delegation.threshold for each in role.tallies), default=None),
        signed=_names(each.labels(each.signed) for each in role.tallies),
        missing=_names(each.labels(each.missing + each.unverified) for each in role.tallies),
        invited=role.case.invitations.to_role(role.name),
        unverified=_names(each.labels(each.unverified) for each in role.tallies),
        previous=_previous(role.previous),
        ready=role.ready,
        identities=tuple(dict.fromkeys(each for one in role.tallies for each in _identities(one))),
    )


def _identities(counted: Tally) -> Iterator[IdentitySignature]:
    """Yield whose signatures of identities were counted."""
    for keyid in counted.signed:
        key = counted.delegation.keys[keyid]
        if is_sigstore_key(key):
            identity, issuer = (str(key.keyval[name]) for name in ("identity", "issuer"))
            yield IdentitySignature(keyid=keyid, identity=identity, issuer=issuer)


def _previous(counted: Tally | None) -> PreviousRoot | None:
    if counted is None:
        return None
    return PreviousRoot(
        threshold=counted.delegation.threshold,
        signed=counted.labels(counted.signed),
        missing=counted.labels(counted.missing + counted.unverified),
    )


def _names(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _verdict(case: Case, roles: tuple[RoleReview, ...], findings: tuple[Finding, ...]) -> Verdict:
    """Refused before waiting before ready before unchanged."""
    errors = tuple(each for each in findings if each.severity is Severity.ERROR)
    needs = tuple(each for each in findings if each.waits)
    unready = tuple(role for role in roles if not role.ready)
    if errors:
        return Refused(errors)
    if needs or unready:
        return Waiting(_awaited(unready), needs)
    if not case.differences and not (case.whole and case.from_nothing):
        return Unchanged()
    return Ready()


def _awaited(roles: tuple[RoleReview, ...]) -> frozenset[str]:
    previous = (role.previous.missing if role.previous else () for role in roles)
    own = ((*role.missing, *role.invited) for role in roles)
    return frozenset(name for group in (*own, *previous) for name in group)
