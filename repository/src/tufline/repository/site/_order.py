"""Which roles come first, and which are shown at all."""

from collections.abc import Iterable
from typing import Final

from tufline.repository.format import ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from tufline.repository.status import RepositoryFacts, RoleFacts

_TOP_LEVEL: Final = (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)


def top_level(facts: RepositoryFacts) -> tuple[RoleFacts, ...]:
    """Return the roles on which every client depends, in the order of trust."""
    found = {role.name: role for role in facts.roles if not role.delegators}
    return tuple(found[name] for name in _TOP_LEVEL if name in found)


def ordered(facts: RepositoryFacts) -> tuple[RoleFacts, ...]:
    """Return the top-level roles, then the delegated ones, what ends first first."""
    return (*top_level(facts), *first_to_end(role for role in facts.roles if role.delegators))


def first_to_end(roles: Iterable[RoleFacts]) -> list[RoleFacts]:
    """Return the roles by when they end."""
    return sorted(roles, key=lambda role: (role.expires, role.name))
