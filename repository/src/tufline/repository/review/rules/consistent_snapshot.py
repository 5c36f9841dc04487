"""consistent-snapshot: root says that files have versions in their names (TUF 6.2).

Without it clients ask for names that we do not publish.
"""

from collections.abc import Iterator

from tuf.api.metadata import Root

from tufline.repository.format import Document
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.state import Loaded


def check(role: RoleCase) -> Iterator[Remark]:
    """Report a root that does not have it on."""
    if role.judged_in_full and _is_off(role.after):
        known = _is_off(role.before)
        yield defect("consistent_snapshot must be true; set it in the next root", known=known)


def _is_off(loaded: Loaded) -> bool:
    if not isinstance(loaded, Document) or not isinstance(loaded.signed, Root):
        return False
    return loaded.signed.consistent_snapshot is not True


RULE = RoleRule("consistent-snapshot", check)
