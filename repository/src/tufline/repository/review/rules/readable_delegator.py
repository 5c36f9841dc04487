"""readable-delegator: who says whom to trust can be read, though the event leaves it alone."""

from collections.abc import Iterator

from tufline.repository.format import ROOT, TARGETS
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.state import Unreadable


def check(case: Case) -> Iterator[Remark]:
    """Report unreadable delegators of judged roles; `readable` reports those that are judged."""
    if case.whole or not case.judged:
        return  # everything is judged, or nothing
    below = (TARGETS, *case.graph.children) if set(case.judged) - {ROOT} else ()
    for role in dict.fromkeys((ROOT, *below)):
        found = case.event.role(role) if role not in case.judged else None
        if isinstance(found, Unreadable):
            message = f"cannot be read, and is needed to judge: {found.reason}; mend it on main"
            yield error(f"{message} first", role=role, path=found.path)


RULE = RepositoryRule("readable-delegator", check)
