"""artifact-shadowed: clients find the entry that a role makes, not another one before it.

A client takes the first entry that its search comes by, and a terminating delegation ends the
search (TUF 5.6.7.2). An entry behind either is dead, and its signers do not know.
"""

from collections.abc import Iterator

from tufline.repository.format import RoleName, artifact_path
from tufline.repository.review._case import Case, RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error


def check(role: RoleCase) -> Iterator[Remark]:
    """Report entries that clients do not get to, whichever role's change hides them."""
    for lister, artifact in role.case.artifacts.not_straight(role):
        yield from _judge(role.case, lister, artifact)


def _judge(case: Case, lister: RoleName, artifact: str) -> Iterator[Remark]:
    first, *others = case.lookup.listers(artifact) or (lister,)
    path = artifact_path(artifact)
    for hidden in others:
        yield error(
            f"{first} lists it too, and clients ask it before {hidden}; remove one of the entries",
            role=hidden,
            path=path,
        )
    if lister not in case.lookup.visited(artifact) and lister in case.lookup.reachable(artifact):
        yield error(
            f"a terminating delegation ends the search before {lister}; change order or paths",
            role=lister,
            path=path,
        )


RULE = RoleRule("artifact-shadowed", check)
