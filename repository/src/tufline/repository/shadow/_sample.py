"""Which artifacts clients are to download: some that change, and some of the others."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from tuf.api.metadata import TargetFile

from tufline.repository.clients import Reach, Wanted, spread
from tufline.repository.format import TARGETS, Document, RoleName
from tufline.repository.state import State

_MOST_ARTIFACTS: Final = 20
_MOST_ROLES: Final = 10
_TRIED_OF_A_ROLE: Final = 3
_LARGEST: Final = 10_000_000


def sample(
    proposed: State,
    known_good: State | None,
    changed: Iterable[RoleName],
    roles: Iterable[RoleName],
    *,
    now: datetime,
) -> tuple[Wanted, ...]:
    """Return at most 20 artifacts, those first that the event adds or changes.

    Left out are artifacts that no client gets: listed by a role that is not asked first, behind one
    that is expired (review says so), and very large ones.
    """
    reach = Reach(proposed, now)
    new = [each for role in changed for each in _changed(proposed, known_good, role)]
    wanted = dict(_wanted(proposed, reach, new))
    others = (role for role in roles if role != TARGETS)
    for role in (TARGETS, *spread(sorted(others), _MOST_ROLES)):
        listed = sorted(_listed(proposed, role))
        some = ((role, path) for path in spread(listed, _TRIED_OF_A_ROLE))
        wanted |= dict(_wanted(proposed, reach, some))
    return tuple(wanted.values())[:_MOST_ARTIFACTS]


def _wanted(
    state: State, reach: Reach, artifacts: Iterable[tuple[RoleName, str]]
) -> Iterator[tuple[str, Wanted]]:
    """Yield those of the artifacts that clients get from just that role, a spread, by path."""
    for role, path in spread(list(artifacts), _MOST_ARTIFACTS):
        target = _listed(state, role).get(path)
        if target is not None and target.length <= _LARGEST:
            wanted = reach.wanted(path)
            if wanted is not None and wanted.role == role:
                yield path, wanted


def _changed(
    proposed: State, known_good: State | None, role: RoleName
) -> Iterator[tuple[RoleName, str]]:
    """Yield the artifacts that the role lists anew, or with other hashes."""
    before = _listed(known_good, role) if known_good else {}
    for path, target in sorted(_listed(proposed, role).items()):
        if path not in before or before[path].hashes != target.hashes:
            yield role, path


def _listed(state: State, role: RoleName) -> Mapping[str, TargetFile]:
    loaded = state.targets(role)
    return loaded.signed.targets if isinstance(loaded, Document) else {}
