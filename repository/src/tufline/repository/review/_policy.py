"""What a repository asks of its changes beyond the format, and how the change came about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The part of `tufline.toml` that review goes by. It comes from known good, never the event.

    Attributes:
        oldest_root: the oldest root version that clients may hold; None: the oldest from which
            the chain verifies.
        longest_expiry: the longest allowed expiry period by role, "*" for all others.
        online_uris: prefixes of the online keys' signer URIs that are allowed; None: any.
        emergency_roots: root versions whose targets need not verify under the root before.
        online_targets: whether online keys may sign top-level targets.
        attestation_vendors: paths of files in known good with the certificates of those who vouch
            for devices; (): nobody is trusted to.
    """

    oldest_root: int | None = None
    longest_expiry: Mapping[str, timedelta] = field(default_factory=dict)
    online_uris: tuple[str, ...] | None = None
    emergency_roots: frozenset[int] = frozenset()
    online_targets: bool = False
    attestation_vendors: tuple[str, ...] = ()

    def allows_online_uri(self, uri: str) -> bool:
        """Whether an online key may be there. A prefix says nothing of a path that climbs out."""
        if self.online_uris is None:
            return True
        return uri.startswith(self.online_uris) and ".." not in uri.split("/")

    def longest_expiry_of(self, role: str) -> timedelta | None:
        """Return the longest expiry period that `role` may state, or None where any will do."""
        return self.longest_expiry.get(role, self.longest_expiry.get("*"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Lineage:
    """How the event's history hangs together with main's.

    Attributes:
        merge_bases: how many merge bases there are; exactly one is right.
        stale: paths that the event changes, and main too since the merge base, differently.
    """

    merge_bases: int = 1
    stale: tuple[str, ...] = ()
