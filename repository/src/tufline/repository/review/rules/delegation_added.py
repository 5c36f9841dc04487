"""delegation-added: a new role is trusted for paths."""

from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole

from tufline.repository.format import RoleName, signer_label
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice


def check(role: RoleCase) -> Iterator[Remark]:
    """Say who may sign what, and which older roles are asked after the new one."""
    if role.case.whole or not role.judged_in_full:
        return
    names = list(role.trust.roles)
    for place, (name, delegated) in enumerate(role.trust.roles.items()):
        if name in role.known_trust.roles or not isinstance(delegated, DelegatedRole):
            continue
        later = [each for each in names[place + 1 :] if each in role.known_trust.roles]
        yield notice(_message(role, delegated, later))


def _message(role: RoleCase, delegated: DelegatedRole, later: list[str]) -> str:
    labels = (signer_label(key) for key in role.trust.keys_of(delegated.name))
    invited = role.case.invitations.to_role(RoleName(delegated.name))
    people = (*dict.fromkeys(labels), *(f"{person} (invited)" for person in invited))
    signers = ", ".join(people) or "nobody yet"
    what = f"{delegated.name} is trusted for {_list(delegated.paths)}"
    who = f"signed by {delegated.threshold} of {signers}"
    end = "; the search for these paths ends there" if delegated.terminating else ""
    rank = f"; it is asked before {', '.join(later)}" if later else ""
    return f"{what}, {who}{end}{rank}"


def _list(paths: list[str] | None) -> str:
    return ", ".join(map(repr, paths or ())) or "no paths"


RULE = RoleRule("delegation-added", check, consent=True)
