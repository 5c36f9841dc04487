"""artifact-delegation: a role lists only what is delegated to it.

Clients that look for anything else never ask the role. In this format role "targets" lists only
what lies directly in targets/: an entry of it for a file in a folder would override, for clients,
the role that owns the folder, without the people behind that role.
"""

from collections.abc import Iterator

from tufline.repository.format import TARGETS, RoleName, artifact_path
from tufline.repository.review._case import Case, RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error


def check(role: RoleCase) -> Iterator[Remark]:
    """Report listed artifacts that no chain of delegations leads to the role for."""
    for lister, artifact in role.case.artifacts.not_straight(role):
        if not _is_delegated(role.case, lister, artifact):
            yield error(_message(lister), role=lister, path=artifact_path(artifact))


def _is_delegated(case: Case, lister: RoleName, artifact: str) -> bool:
    if lister == TARGETS:
        return "/" not in artifact
    return lister in case.lookup.visited(artifact) or lister in case.lookup.reachable(artifact)


def _message(lister: RoleName) -> str:
    if lister == TARGETS:
        return "targets lists a file in a folder; only a delegated role may, remove the entry"
    return f"{lister} lists it and may not; remove the entry or delegate the path to {lister}"


RULE = RoleRule("artifact-delegation", check)
