"""delegation-order: which role is asked first changes (TUF 5.6.7; NEEDS row J).

Where two roles may list the same path, the one that is asked first decides.
"""

from collections.abc import Iterator

from tufline.repository.format import ROOT
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Show the order before and after; where a new role stands, `delegation-added` says."""
    if role.name == ROOT:
        return  # its roles are known by name, in any order
    after = kept_roles(role)
    before = tuple(name for name in role.known_trust.roles if name in role.trust.roles)
    if after and after != before:
        yield notice(f"roles were asked in the order {', '.join(before)}; now {', '.join(after)}")


RULE = RoleRule("delegation-order", check, consent=True)
