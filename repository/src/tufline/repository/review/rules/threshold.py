"""threshold: a threshold can be met by those who may sign (NEEDS row M)."""

from collections.abc import Iterator

from tufline.repository.format import Owner, RoleName, key_material
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare each threshold with the keys and, in an event, with who is invited as well."""
    if not role.judged_in_full:
        return
    for name, named in role.trust.roles.items():
        keys = {key_material(key) or key.keyid for key in role.trust.keys_of(name)}
        invited = _newcomers(role, name)
        if named.threshold > len(keys) + len(invited):
            have = f"{len(keys)} keys" + (f" and {len(invited)} invited" if invited else "")
            message = f"{name} has a threshold of {named.threshold} and {have}"
            yield error(f"{message}; lower it or invite signers")


def _newcomers(role: RoleCase, name: str) -> set[Owner]:
    """Return who is invited and will bring another key than is counted already."""
    if role.case.whole:
        return set()
    return set(role.case.invitations.to_role(RoleName(name))) - role.trust.people_of(name).keys()


RULE = RoleRule("threshold", check)
