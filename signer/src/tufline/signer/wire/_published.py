"""What clients get, as a client that verified it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tufline.repository.format import RoleName


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A role as the published snapshot lists it; `sha256` (hex) only where that is stated."""

    version: int
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """One consistent state of what clients get.

    Attributes:
        roots: the bytes of each root from the pinned one to the newest, by version; never empty.
        roles: the targets-type roles that the snapshot lists.
        contents: the bytes of some of these roles.
        timestamp: the version of the timestamp.
        expired: until when clients took what they do not take any more (UTC), by role.
    """

    roots: Mapping[int, bytes]
    roles: Mapping[RoleName, Listed]
    contents: Mapping[RoleName, bytes]
    timestamp: int
    expired: Mapping[RoleName, datetime] = field(default_factory=dict)

    @property
    def newest_root(self) -> int:
        """The version of the root that clients end with."""
        return max(self.roots)
