"""signature-unknown: every signature is by somebody who may sign the role, or could before."""

from collections.abc import Iterator

from tufline.repository.format import Document
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.state import delegation_of


def check(role: RoleCase) -> Iterator[Remark]:
    """Report signatures by keys that no delegator names for the role, old or new."""
    if not role.judged_in_full or not isinstance(role.after, Document):
        return
    if not role.delegations:
        return  # `role-file` says that nobody delegates it
    known = role.before.metadata.signatures if isinstance(role.before, Document) else {}
    allowed = _allowed(role)
    for keyid, signature in role.after.metadata.signatures.items():
        if signature.signature and keyid not in allowed:
            message = f"signed by key {keyid}, which may not sign this role; remove the signature"
            # without known good nobody can tell whose key was named once: who left may have signed
            is_old = role.case.from_nothing or known.get(keyid) == signature
            yield defect(message, known=is_old)


def _allowed(role: RoleCase) -> set[str]:
    base = role.case.base
    delegators = [each.delegator for each in role.delegations]
    before = (delegation_of(each, base.role(each), role.name) for each in delegators)
    found = [*role.delegations, *(each for each in before if each is not None)]
    if role.previous:
        found.append(role.previous.delegation)
    return {keyid for each in found for keyid in (*each.keys, *each.missing_keys)}


RULE = RoleRule("signature-unknown", check)
