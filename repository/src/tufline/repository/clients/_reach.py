"""Which artifacts clients get, and from which role (TUF specification, section 5.6.7). Pure."""

from datetime import datetime

from tufline.repository.clients._interface import Wanted
from tufline.repository.format import Document, RoleName
from tufline.repository.state import LONGEST_LOOKUP, Lookup, State


class Reach:
    """Looks artifacts up in a state as clients do, at a time; reads each role once."""

    def __init__(self, state: State, now: datetime) -> None:
        self._state = state
        self._lookup = Lookup(state)
        self._now = now
        self._expired: dict[RoleName, bool] = {}

    def wanted(self, path: str) -> Wanted | None:
        """Return the artifact that clients get under `path`; None where they get none.

        They stop at a role that is expired, also where it lists nothing of that name: that is no
        fault of the repository, for a delegated role may end.
        """
        visited = self._lookup.visited(path)[: LONGEST_LOOKUP + 1]
        role = next((each for each in visited if self._lookup.lists(each, path)), None)
        if role is None or any(map(self._is_expired, visited[: visited.index(role) + 1])):
            return None
        loaded = self._state.targets(role)
        if not isinstance(loaded, Document):
            return None
        return Wanted(path=path, role=role, hashes=dict(loaded.signed.targets[path].hashes))

    def _is_expired(self, role: RoleName) -> bool:
        if role not in self._expired:
            loaded = self._state.targets(role)
            self._expired[role] = not isinstance(loaded, Document) or loaded.signed.is_expired(
                self._now
            )
        return self._expired[role]
