"""All keys that the delegators of one state name, for the rules that compare across delegators."""

from collections.abc import Iterator
from typing import NamedTuple

from securesystemslib.signer import Key

from tufline.repository.format import ROOT, RoleName, metadata_path
from tufline.repository.review._case import Case
from tufline.repository.review._trust import trust_of
from tufline.repository.state import State


class NamedKey(NamedTuple):
    """A key, and in whose metadata it stands."""

    delegator: RoleName
    key: Key


def delegators(case: Case) -> tuple[RoleName, ...]:
    """Return root and the event's delegating roles, if keys of any of them are to be judged."""
    found = (ROOT, *case.graph.children)
    judged = case.whole or any(metadata_path(role) in case.differences for role in found)
    return found if judged else ()


def keys_in(state: State, roles: tuple[RoleName, ...]) -> Iterator[NamedKey]:
    """Yield the keys that these roles name in `state`."""
    for role in roles:
        for key in trust_of(state.role(role)).keys.values():
            yield NamedKey(role, key)
