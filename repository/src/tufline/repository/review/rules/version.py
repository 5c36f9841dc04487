"""version: metadata versions grow, and by one (TUF 5.3.5, 5.6.4; NEEDS row N)."""

from collections.abc import Iterator

from tufline.repository.format import ROOT, Document
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error, notice
from tufline.repository.state import Unreadable

_LARGEST_STEP = 100


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare the version with known good's."""
    if not role.changed or not isinstance(role.after, Document):
        return
    known = role.before.signed.version if isinstance(role.before, Document) else None
    version = role.after.signed.version
    if known is None:
        yield from _first(role, version)
    elif role.name == ROOT and not role.case.whole and version != known + 1:
        yield error(f"root version is {version}; after {known} it must be {known + 1}")
    elif version < known or (version == known and not _same_content(role)):
        yield error(f"version is {version}, not greater than {known}; make it {known + 1}")
    elif version > known + _LARGEST_STEP:
        yield error(f"version jumps from {known} to {version}; make it {known + 1}")
    elif version > known + 1 and not role.case.whole:
        yield notice(f"version goes from {known} to {version}; one step would do")


def _first(role: RoleCase, version: int) -> Iterator[Remark]:
    """An import may start anywhere; it brings known good's absence and online metadata along."""
    if isinstance(role.before, Unreadable):
        yield notice(f"version is {version}; known good's file cannot be read to compare with")
    elif version != 1 and role.case.base.root() is not None:
        yield notice(f"a new role starts at version {version}")


def _same_content(role: RoleCase) -> bool:
    return (
        isinstance(role.before, Document)
        and isinstance(role.after, Document)
        and role.before.payload == role.after.payload
    )


RULE = RoleRule("version", check)
