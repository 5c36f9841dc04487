"""Which delegations a change keeps: those are compared, term by term."""

from tufline.repository.review._case import RoleCase


def kept_roles(role: RoleCase) -> tuple[str, ...]:
    """Return the roles that `role` trusts people for before and after; none if nothing changes.

    When main is judged, people have said yes to the changes already.
    """
    if role.case.whole or not role.changed:
        return ()
    return tuple(name for name in role.trust.roles if name in role.known_trust.roles)
