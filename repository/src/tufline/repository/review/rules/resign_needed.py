"""resign-needed: an unchanged role satisfies a changed delegator (NEEDS row M).

When a delegator gets other keys or a higher threshold, the signatures that a role has may no longer
be enough, though its own file is the same.
"""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, waiting


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the delegators. On main, `unsigned` says the same and refuses."""
    if role.outgrown_by and not role.case.whole:
        message = f"its signatures are not enough for the new {' and '.join(role.outgrown_by)}"
        yield waiting(f"{message}; tufline will make a new version to sign")


RULE = RoleRule("resign-needed", check)
