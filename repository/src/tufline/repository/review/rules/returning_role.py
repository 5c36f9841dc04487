"""returning-role: a role that comes back continues where it ended (TUF 5.5.5).

Snapshot still lists the last version of a role whose file is gone, and clients that saw a version
never accept a lower one.
"""

from collections.abc import Iterator

from tufline.repository.format import Document
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Compare new roles with the last snapshot that known good has, if it has one."""
    new = [role for role in case.judged if case.role(role).is_new]
    snapshot = case.base.snapshot() if new else None
    if not isinstance(snapshot, Document):
        return
    for role in new:
        listed = snapshot.signed.meta.get(f"{role}.json")
        after = case.event.role(role)
        if listed and isinstance(after, Document) and after.signed.version <= listed.version:
            yield error(
                f"version is {after.signed.version}, but version {listed.version} of this role is"
                f" published already; make it {listed.version + 1}",
                role=role,
            )


RULE = RepositoryRule("returning-role", check)
