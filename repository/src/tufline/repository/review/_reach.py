"""What an event can still reach where keys are gone: the thresholds of the root that clients hold.

Whoever delegates a role can give it other keys. But those who hold the root before must accept the
new one (TUF 5.3.4) and, while they do not have it yet, targets: there only its own keys count.
"""

from collections.abc import Collection, Iterator

from securesystemslib.signer import Key

from tufline.repository.review._case import Case, RoleCase
from tufline.repository.review._signatures import Tally


def keys_before(case: Case) -> tuple[Key, ...]:
    """Return the keys that count by the root before, each id once."""
    found = {keyid: key for _, each in _before(case) for keyid, key in each.delegation.keys.items()}
    return tuple(found.values())


def out_of_reach(case: Case, gone: Collection[Key]) -> tuple[Tally, ...]:
    """Return what stays unmet by the root before though all others sign, as it stands then."""
    at_best = (each.at_best(gone, anew=bool(role.outgrown_by)) for role, each in _before(case))
    return tuple(each for each in at_best if not each.met)


def _before(case: Case) -> Iterator[tuple[RoleCase, Tally]]:
    for name in case.judged:
        role = case.role(name)
        if role.previous is not None:
            yield role, role.previous
