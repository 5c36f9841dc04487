"""delegation-form: delegations are of the form that we and all clients understand (TUF 4.5)."""

from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole, Targets

from tufline.repository.format import Document, InvalidRoleName, delegated_role_name
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.state import Loaded


def check(role: RoleCase) -> Iterator[Remark]:
    """Report hash bins, delegations of nothing, and names that no metadata file can have."""
    if not role.judged_in_full:
        return
    known = set(_problems(role.before))
    for problem in _problems(role.after):
        yield defect(problem, known=problem in known)


def _problems(loaded: Loaded) -> Iterator[str]:
    if not isinstance(loaded, Document) or not isinstance(loaded.signed, Targets):
        return
    delegations = loaded.signed.delegations
    if delegations is None:
        return
    if delegations.succinct_roles is not None:
        yield "delegates to succinct hash bins, which is not supported; name each role"
    for delegated in (delegations.roles or {}).values():
        yield from _problems_of(delegated)


def _problems_of(delegated: DelegatedRole) -> Iterator[str]:
    try:
        delegated_role_name(delegated.name)
    except InvalidRoleName as error:  # such a role is not judged otherwise: we cannot read it
        yield error.with_hint
    if delegated.path_hash_prefixes is not None:
        yield f"{delegated.name} is delegated hash prefixes, which is not supported; use paths"
    elif not delegated.paths:
        yield f"{delegated.name} is delegated no paths; give it some or remove it"


RULE = RoleRule("delegation-form", check)
