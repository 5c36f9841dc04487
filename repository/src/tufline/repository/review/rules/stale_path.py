"""stale-path: nothing the event changes has changed on main meanwhile (DESIGN 1.4).

Else the people who signed saw another state than the one they change, and a key that main revoked
since would still count.
"""

from collections.abc import Iterator

from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Name each path that both sides changed."""
    for path in case.lineage.stale:
        yield error(
            "main has changed this file since the event began; merge main into the event, "
            "make its change anew and sign again",
            path=path,
        )


RULE = RepositoryRule("stale-path", check)
