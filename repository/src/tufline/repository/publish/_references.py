"""Which names of a store the metadata of a state leads clients to."""

from collections.abc import Iterator

from tufline.repository.format import (
    METADATA_FOLDER,
    SNAPSHOT,
    RoleName,
    metadata_path,
    role_of_path,
)
from tufline.repository.publish._layout import Layout
from tufline.repository.publish._publishable import NotPublishable, publishable, readable
from tufline.repository.state import State


class References:
    """Collects what any of many states refers to; what they have in common is read once."""

    def __init__(self, layout: Layout) -> None:
        self.names: set[str] = {layout.timestamp}
        self.timestamps: set[bytes] = set()
        self._layout = layout
        self._known: set[str] = set()

    def add(self, state: State) -> None:
        """Add what `state` refers to; raise `NotPublishable` if that cannot be said for sure."""
        top = publishable(state)
        self.timestamps.add(top.timestamp_data)
        if self._is_new(state, metadata_path(SNAPSHOT)):
            self.names.add(self._layout.metadata(SNAPSHOT, top.snapshot.signed.version))
            for name, meta in top.snapshot.signed.meta.items():
                self.names.add(self._layout.metadata(_role(name), meta.version))
        for name in top.snapshot.signed.meta:
            self.names.update(self._artifacts(state, _role(name)))

    def _artifacts(self, state: State, role: RoleName) -> Iterator[str]:
        """Yield the names of what the role lists. A role whose file is gone is not asked for."""
        path = metadata_path(role)
        if not self._is_new(state, path):
            return
        for artifact, target in readable(state.targets(role), path).signed.targets.items():
            for digest in target.hashes.values():
                yield self._layout.artifact(artifact, digest)

    def _is_new(self, state: State, path: str) -> bool:
        """Whether there is such a file, and none with its bytes was read before."""
        entry = state.files.find(path)
        if entry is None or entry.id in self._known:
            return False
        self._known.add(entry.id)
        return True


def _role(name: str) -> RoleName:
    role = role_of_path(f"{METADATA_FOLDER}/{name}")
    if role is None:
        raise NotPublishable(metadata_path(SNAPSHOT), f"names {name!r}, which is not a role")
    return role
