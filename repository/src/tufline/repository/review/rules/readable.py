"""readable: every metadata file that is judged, or needed to judge, can be read (TUF 4.2)."""

from collections.abc import Iterator

from tufline.repository.format import ROOT, TARGETS, RoleName
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.state import Unreadable


def check(case: Case) -> Iterator[Remark]:
    """Report metadata that says nothing. Old roots that nobody asks for are not read."""
    for role in dict.fromkeys((*case.judged, *_delegators(case))):
        found = case.event.role(role)
        if isinstance(found, Unreadable):
            message = f"cannot be read: {found.reason}; restore the file or write it anew"
            yield error(message, role=role, path=found.path)


def _delegators(case: Case) -> Iterator[RoleName]:
    """Yield who has to say whom to trust for the judged roles."""
    if case.judged:
        yield ROOT
    if set(case.judged) - {ROOT}:
        yield TARGETS
        yield from case.graph.children


RULE = RepositoryRule("readable", check)
