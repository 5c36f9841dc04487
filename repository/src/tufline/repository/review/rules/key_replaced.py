"""key-replaced: the same person signs with another key (NEEDS 10, row K).

Nothing but the person can say that the new key is theirs, so ask them on another channel.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tufline.repository.format import key_owner
from tufline.repository.review._case import Case, RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._all_keys import delegators, keys_in


def check(role: RoleCase) -> Iterator[Remark]:
    """Name the person, the old key and the new; old ones are those of any role."""
    if role.case.whole or not role.judged_in_full:
        return
    everywhere = _keys_of_people(role.case)
    for name in role.trust.roles:
        before, after = role.known_trust.people_of(name), role.trust.people_of(name)
        for person, keyids in after.items():
            known = before.get(person, frozenset()) or everywhere.get(person, keyids)
            new = keyids - known
            if new:
                old, keys = ", ".join(sorted(known)), ", ".join(sorted(new))
                yield notice(f"{name}: {person} signs with the new key {keys}; it was {old}")


def _keys_of_people(case: Case) -> Mapping[str, frozenset[str]]:
    """Return the ids of all keys that known good has for each person."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, key in keys_in(case.base, delegators(case)):
        person = key_owner(key)
        if person:
            found[person].add(key.keyid)
    return {person: frozenset(keyids) for person, keyids in found.items()}


RULE = RoleRule("key-replaced", check, consent=True)
