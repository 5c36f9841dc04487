"""artifact-owner: every file below targets/ belongs to a role that may list it (NEEDS row E).

A file in a folder that no role owns, or deeper than the role's patterns reach, can never get to a
client. Somebody who put it there believes otherwise.
"""

from collections.abc import Iterator

from tufline.repository.format import TOP_LEVEL_ROLES, artifact_path, role_of_path
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Report the files to judge that nobody owns, and those that the event takes the owner of."""
    for entry in case.artifacts.by_owner.get(None, {}).values():
        yield error("no role may list this file; move, delete or delegate it", path=entry.path)
    for artifact in _searched_anew(case):
        if case.lookup.owner(artifact) is None:
            yield error(
                "no role may list this file any more; delete it, or keep it delegated",
                path=artifact_path(artifact),
            )


def _searched_anew(case: Case) -> Iterator[str]:
    for path in case.differences:
        role = role_of_path(path)
        if role is not None and (role == "targets" or role not in TOP_LEVEL_ROLES):
            for artifact in case.artifacts.searched_anew(case.role(role)):
                if artifact not in case.artifacts.changed:
                    yield artifact


RULE = RepositoryRule("artifact-owner", check)
