"""orphan-file: every metadata file belongs to a role that somebody delegates to.

An event may not bring or leave such a file: it looks like trust and is none. On main it is a
notice: no client asks for it, and repositories made by tuf-on-ci may hold left-overs.
"""

from collections.abc import Iterator

from tufline.repository.format import (
    METADATA_FOLDER,
    ROOT_HISTORY_FOLDER,
    TOP_LEVEL_ROLES,
    RoleName,
    metadata_path,
    role_of_path,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error, notice
from tufline.repository.state import delegated_names


def check(case: Case) -> Iterator[Remark]:
    """Report files of roles without delegation: all, or those that the event makes orphans."""
    if case.whole:
        yield from _left_over(case)
        return
    for role in dict.fromkeys((*_changed_roles(case), *_dropped(case))):
        path = metadata_path(role)
        if not _has_place(case, role) and case.event.files.find(path):
            yield error("no role delegates to it; delete the file", role=role, path=path)


def _left_over(case: Case) -> Iterator[Remark]:
    for path, _, _ in case.entries:
        if not path.startswith(f"{METADATA_FOLDER}/") or path.startswith(f"{ROOT_HISTORY_FOLDER}/"):
            continue
        role = role_of_path(path)
        if role is None or not _has_place(case, role):
            yield notice("no role's metadata, so it is not published; delete the file", path=path)


def _changed_roles(case: Case) -> Iterator[RoleName]:
    found = (role_of_path(entry.path) for entry in case.entries)
    yield from (role for role in found if role is not None)


def _dropped(case: Case) -> Iterator[RoleName]:
    """Yield the roles that no delegation leads to any more, from the changed roles downwards."""
    above = [role for role in map(role_of_path, case.differences) if role is not None]
    seen = set(above)
    while above:
        for role in delegated_names(case.base.role(above.pop())):
            if role not in seen and not _has_place(case, role):
                seen.add(role)
                above.append(role)
                yield role


def _has_place(case: Case, role: RoleName) -> bool:
    return role in TOP_LEVEL_ROLES or role in case.graph.delegators


RULE = RepositoryRule("orphan-file", check)
