"""merge-base: the event has one common ancestor with main, which is its known good (DESIGN 1.4)."""

from collections.abc import Iterator

from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Report an event that began nowhere on main, or at several places."""
    found = case.lineage.merge_bases
    if found < 1:
        yield error("the event has no common history with main; make it anew from main")
    elif found > 1:
        yield error(
            f"the event and main have {found} merge bases, so known good is ambiguous; "
            "make the event anew from main"
        )


RULE = RepositoryRule("merge-base", check)
