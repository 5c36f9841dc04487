"""known-good: what an event builds on is itself signed, so was shown to those who sign.

People see what an event changes. What somebody put on main without signatures is part of the next
version all the same, and its signers would sign it unseen.
"""

from collections.abc import Iterator
from dataclasses import replace

from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    Document,
    RoleName,
    is_sigstore_key,
    role_of_path,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.review._signatures import SignedDocument, tally
from tufline.repository.state import Delegation, delegation_of


def check(case: Case) -> Iterator[Remark]:
    """Count the signatures of main's version of each changed role, and of its delegators."""
    if case.whole or case.from_nothing:
        return
    changed = {role for role in map(role_of_path, case.differences) if role} - ONLINE_ROLES
    for role in sorted(_with_delegators(case, changed)):
        known = case.base.role(role)
        if not isinstance(known, Document):
            continue  # there is none, or another rule says that it cannot be read
        if not all(_is_met(case, each, known) for each in _delegations(case, role, known, changed)):
            version = known.signed.version
            what = f"main's version {version} lacks signatures, so nobody would see what it changed"
            yield error(f"{what}; revert it on main first", role=role)


def _with_delegators(case: Case, roles: set[RoleName]) -> set[RoleName]:
    found: set[RoleName] = set()
    to_visit = list(roles)
    while to_visit:
        role = to_visit.pop()
        if role not in found:
            found.add(role)
            to_visit.extend(case.graph.delegators.get(role, ()))
    return found


def _delegations(
    case: Case, role: RoleName, known: SignedDocument, changed: set[RoleName]
) -> Iterator[Delegation]:
    """Yield what known good says of the role: its delegators of today, and those of before."""
    names = (ROOT,) if role == ROOT else (*case.graph.delegators.get(role, ()), *sorted(changed))
    delegators = [case.base.role(each) for each in dict.fromkeys(names)]
    if role == ROOT:  # clients came from the one before, if anybody still holds it
        before = known.signed.version - 1
        oldest = case.policy.oldest_root or 1
        delegators += [case.base.historic_root(before)] if before >= oldest else []
    found = (delegation_of(role, each, role) for each in delegators)
    yield from (each for each in found if each is not None)


def _is_met(case: Case, delegation: Delegation, known: SignedDocument) -> bool:
    counted = tally(known, delegation, case.verifier)
    # Without a trust root nobody can say no to a Sigstore signature; it was accepted before.
    believed = (each for each in counted.unverified if is_sigstore_key(delegation.keys[each]))
    return replace(counted, signed=(*counted.signed, *believed)).met


RULE = RepositoryRule("known-good", check)
