"""unsigned: what main holds is signed by every threshold (NEEDS rows A, M)."""

from collections.abc import Iterator

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error
from tufline.repository.review._signatures import Tally


def check(role: RoleCase) -> Iterator[Remark]:
    """Name each delegation whose threshold is not met. An event may still be waited for."""
    if not role.case.whole:
        return
    for each in role.tallies:
        if not each.met:
            yield error(_message(each, f"{each.delegation.delegator} asks for"))
    if role.previous is not None and not role.previous.met:
        yield error(_message(role.previous, "the root before asks for"))


def _message(counted: Tally, asker: str) -> str:
    threshold = counted.delegation.threshold
    missing = ", ".join(counted.labels(counted.missing + counted.unverified)) or "nobody is left"
    return f"{len(counted.signed)} of {threshold} signatures that {asker}; missing: {missing}"


RULE = RoleRule("unsigned", check)
