"""python-tuf's client, on this machine's own root, with an end to its patience.

It runs in a folder of its own, made anew from what is pinned, so that nothing pinned changes
unless all of it verified. Metadata that has expired is taken here, and told: people must be able to
sign what replaces it. Versions never go back, signatures and hashes must be right, as always.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.ngclient import Updater, UpdaterConfig

from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    TOP_LEVEL_ROLES,
    InvalidRoleName,
    RoleName,
    identities_verified_by,
    published_metadata_name,
    role_name,
)
from tufline.repository.publish import Layout
from tufline.repository.publish.compliance import web_remote
from tufline.repository.review import KeyVerifier
from tufline.signer.wire._download import NotingFetcher, in_a_line, within
from tufline.signer.wire._pin import SEEN, Pin
from tufline.signer.wire._published import Listed, Published

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
"""A time at which nothing has expired."""

_PATIENCE: Final = 60.0
_TARGETS: Final = "targets.json"
_FILE: Final = re.compile(r"(?:(?P<version>\d+)\.)?(?P<role>.+)\.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a repository is published: its base URL, and how its files are named below it."""

    url: str
    layout: Layout

    @property
    def metadata_url(self) -> str:
        """The URL of the folder of the metadata; ends with "/"."""
        return web_remote(self.url, self.layout).metadata_url


class NotVerified(Exception):
    """A file that was downloaded is not what clients with this root take.

    Attributes:
        version: what its name says; None for the timestamp.
        data: its bytes; None where it was taken from what the client had seen before.
    """

    def __init__(
        self, role: RoleName, version: int | None, data: bytes | None, reason: str
    ) -> None:
        super().__init__(reason)
        self.role = role
        self.version = version
        self.data = data


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a client got, and what it remembers of it, by file name."""

    published: Published
    seen: Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class WireClient:
    """A client of one address. `patience` is in seconds, for each of its methods."""

    address: Address
    verifier: KeyVerifier
    patience: float = _PATIENCE

    def refresh(self, pin: Pin, seen: Mapping[str, bytes], *, now: datetime) -> Answer:
        """Walk from the pinned root to what is published now.

        Raises `WireUnreachable`, and `NotVerified` for what clients with that root refuse.
        """
        return within(self.patience, self.address.url, lambda: self._refresh(pin, seen, now))

    def contents(self, published: Published, roles: Iterable[RoleName]) -> dict[RoleName, bytes]:
        """Download the roles as the snapshot lists them. They are not verified: compare them."""
        names = {role: self._name(published, role) for role in roles}
        return within(self.patience, self.address.url, lambda: self._download(names))

    def _refresh(self, pin: Pin, seen: Mapping[str, bytes], now: datetime) -> Answer:
        fetcher = NotingFetcher()
        with TemporaryDirectory(prefix="tufline-wire-") as folder, self._told(fetcher):
            home = Path(folder)
            for name, data in seen.items():
                (home / name).write_bytes(data)
            updater = Updater(
                folder, self.address.metadata_url, fetcher=fetcher, bootstrap=pin.root
            )
            # python-tuf notes the time here and has no option for it.
            updater._trusted_set.reference_time = _ALWAYS  # noqa: SLF001 - no public way to set it
            updater.refresh()
            files = {name: (home / name).read_bytes() for name in (*SEEN, _TARGETS)}
            return Answer(published=_published(_roots(pin, fetcher), files, now), seen=_seen(files))

    @contextmanager
    def _told(self, fetcher: NotingFetcher) -> Iterator[None]:
        """Say which file a client stopped at, and let it know the identities that we know."""
        try:
            with identities_verified_by(self.verifier.verify):
                yield
        except RepositoryError as error:
            raise _refused(fetcher, error) from error

    def _download(self, names: Mapping[RoleName, str]) -> dict[RoleName, bytes]:
        fetcher, base = NotingFetcher(), self.address.metadata_url
        most = UpdaterConfig().targets_max_length
        return {role: fetcher.download_bytes(base + name, most) for role, name in names.items()}

    @staticmethod
    def _name(published: Published, role: RoleName) -> str:
        newest = Metadata[Root].from_bytes(published.roots[published.newest_root]).signed
        name = published_metadata_name(role, published.roles[role].version)
        return name if newest.consistent_snapshot else name.partition(".")[2]


def _seen(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: files[name] for name in SEEN}


def _roots(pin: Pin, fetcher: NotingFetcher) -> dict[int, bytes]:
    """Return the chain that was walked, from the pinned root on."""
    chain = {pin.version: pin.root}
    while (name := f"{max(chain) + 1}.root.json") in fetcher.got:
        chain[max(chain) + 1] = fetcher.got[name]
    return chain


def _refused(fetcher: NotingFetcher, error: RepositoryError) -> NotVerified:
    """Return what it means that the client stopped now: at what came last."""
    name, data = fetcher.last
    match = _FILE.fullmatch(name)
    stated = match["version"] if match else None
    role = role_name(match["role"]) if match else ROOT
    return NotVerified(role, int(stated) if stated else None, data, in_a_line(error))


def _published(roots: Mapping[int, bytes], files: Mapping[str, bytes], now: datetime) -> Published:
    """Return what verified files say."""
    timestamp = Metadata[Timestamp].from_bytes(files["timestamp.json"]).signed
    snapshot = Metadata[Snapshot].from_bytes(files["snapshot.json"]).signed
    targets = Metadata[Targets].from_bytes(files[_TARGETS]).signed
    newest = Metadata[Root].from_bytes(roots[max(roots)]).signed
    ends = {ROOT: newest, TIMESTAMP: timestamp, SNAPSHOT: snapshot, TARGETS: targets}
    return Published(
        roots=roots,
        roles=dict(_listed(snapshot)),
        contents={TARGETS: files[_TARGETS]},
        timestamp=timestamp.version,
        expired={role: each.expires for role, each in ends.items() if each.is_expired(now)},
    )


def _listed(snapshot: Snapshot) -> Iterator[tuple[RoleName, Listed]]:
    for name, entry in snapshot.meta.items():
        try:
            role = role_name(name.removesuffix(".json"))
        except InvalidRoleName:  # what main cannot hold is nothing to compare
            continue
        if role not in TOP_LEVEL_ROLES - {TARGETS}:
            yield role, Listed(version=entry.version, sha256=_sha256(entry))


def _sha256(entry: MetaFile) -> str | None:
    return (entry.hashes or {}).get("sha256")
