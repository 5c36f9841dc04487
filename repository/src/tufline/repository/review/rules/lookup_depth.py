"""lookup-depth: clients find an artifact within the 32 delegated roles that they ask at most.

The limit is python-tuf's, and the order TUF 5.6.7 gives: every role that might list the artifact
before the one that does counts.
"""

from collections.abc import Iterator

from tufline.repository.format import artifact_path
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error
from tufline.repository.state import LONGEST_LOOKUP


def check(role: RoleCase) -> Iterator[Remark]:
    """Report listed artifacts for which clients give up before they ask the role."""
    for lister, artifact in role.case.artifacts.not_straight(role):
        visited = role.case.lookup.visited(artifact)
        if lister in visited[LONGEST_LOOKUP + 1 :]:
            yield error(
                f"clients would ask {visited.index(lister) - 1} roles before {lister}, and stop "
                f"after {LONGEST_LOOKUP}; narrow the paths or move {lister} forward",
                role=lister,
                path=artifact_path(artifact),
            )


RULE = RoleRule("lookup-depth", check)
