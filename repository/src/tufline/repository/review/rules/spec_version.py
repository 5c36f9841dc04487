"""spec-version: the metadata is of a specification that clients know (TUF 4.3)."""

import re
from collections.abc import Iterator

from tufline.repository.format import Document
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect

_VERSION_ONE = re.compile(r"1\.[0-9]+(\.[0-9]+)?")


def check(role: RoleCase) -> Iterator[Remark]:
    """Report what is not plainly 1.x; python-tuf also reads digits that other clients do not."""
    if not role.judged_in_full or not isinstance(role.after, Document):
        return
    stated = role.after.signed.spec_version
    if not _VERSION_ONE.fullmatch(stated):
        before = role.before
        known = isinstance(before, Document) and before.signed.spec_version == stated
        yield defect(f"spec_version is {stated!r}; write 1.0.31", known=known)


RULE = RoleRule("spec-version", check)
