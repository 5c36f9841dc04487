"""role-file: every role that is delegated has its metadata file (NEEDS row C).

Clients that come by the role fail without it, or find none of its artifacts.
"""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error


def check(role: RoleCase) -> Iterator[Remark]:
    """Report a role that somebody delegates to and that has no file."""
    if role.after is not None:
        return
    if role.path in role.case.differences:
        message = "its metadata was deleted; restore the file, or remove the delegation too"
    else:
        message = "has no metadata; add the file, or remove the delegation"
    yield error(message, path=role.path)


RULE = RoleRule("role-file", check)
