"""readable: every metadata file that is judged can be read (TUF 4.2). Old roots are not."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error
from tufline.repository.state import Unreadable


def check(role: RoleCase) -> Iterator[Remark]:
    """Report metadata that says nothing."""
    if isinstance(role.after, Unreadable):
        message = f"cannot be read: {role.after.reason}; restore the file or write it anew"
        yield error(message, path=role.after.path)


RULE = RoleRule("readable", check)
