"""Which artifacts to ask for, where asking for all would take too long."""

from tufline.repository.format import Document
from tufline.repository.state import State


def listed_artifacts(state: State, *, limit: int | None = None) -> tuple[str, ...]:
    """Return the artifacts that the roles of `state` list, at most `limit`, spread evenly."""
    listed: set[str] = set()
    for role in state.targets_roles():
        loaded = state.targets(role)
        if isinstance(loaded, Document):
            listed.update(loaded.signed.targets)
    artifacts = sorted(listed)
    if limit is None or len(artifacts) <= limit:
        return tuple(artifacts)
    return tuple(artifacts[place * len(artifacts) // limit] for place in range(limit))
