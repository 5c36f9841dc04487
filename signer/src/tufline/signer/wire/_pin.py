"""The root that this machine trusts, kept in the user's data folder, one folder per repository.

    root.json        the newest root that was reached by the TUF root chain; python-tuf's bytes
    about.json       which repository it is, and the URL it was last compared at
    timestamp.json   what the client saw last, so that it never goes back
    snapshot.json

Every file is replaced in one step, so that a run that is killed leaves the old one or the new one.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from urllib.parse import urlsplit

from tuf.api.metadata import Root

from tufline.repository.format import (
    ROOT,
    Document,
    InvalidMetadata,
    historic_root_path,
    metadata_path,
    parse_document,
)
from tufline.repository.jobs import oldest_root
from tufline.repository.publish import published_bytes
from tufline.repository.review import LocalKeys, tally
from tufline.repository.settings import Settings
from tufline.repository.state import State, delegation_of
from tufline.signer._pull_request import web_place
from tufline.signer.wire._errors import DamagedPin, InsecurePin, NoRootToPin

_ROOT: Final = "root.json"
_ABOUT: Final = "about.json"
SEEN: Final = ("timestamp.json", "snapshot.json")
"""What the client remembers beside the root."""

_PRIVATE: Final = 0o700
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_UNUSUAL: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """The root that is trusted, as it is published, and the URL of the last comparison."""

    version: int
    root: bytes
    url: str | None = None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 (hex) of the root's bytes."""
        return hashlib.sha256(self.root).hexdigest()


def pin_folder(remote: str, *, data: Path | None = None) -> "PinFolder":
    """Return the folder of the repository that is pulled from the URL `remote`.

    The remote is what only the user of this machine sets: what a commit says could be made to name
    a folder that is still empty. The name begins so that a person knows it, and ends in a digest
    of all of it, so no two repositories share one. Over ssh a repository is the same as over https.
    """
    place = _place_of(remote.strip())
    known = _UNUSUAL.sub("-", place.lower()).strip("-")[-40:].strip("-")
    digest = hashlib.sha256(place.encode(errors="surrogateescape")).hexdigest()[:16]
    path = (data or _user_data()) / "pinned-roots" / f"{known}-{digest}"
    return PinFolder(path=path, repository=place)


def first_root(base: State, settings: Settings) -> Pin:
    """Return what is to be pinned at first use: the oldest root of main that clients may hold.

    Raises `NoRootToPin` if main has none that verifies by itself.
    """
    version = oldest_root(base, settings)
    data = base.read(historic_root_path(version)) or base.read(metadata_path(ROOT)) or b""
    try:
        return _pin(published_bytes(data), None)
    except (InvalidMetadata, ValueError) as error:
        raise NoRootToPin(version) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class PinFolder:
    """Where the pinned root of `repository` lies. Nobody else may write there."""

    path: Path
    repository: str

    def read(self) -> Pin | None:
        """Return what is pinned, None before first use; raise `DamagedPin`, `InsecurePin`."""
        if not self._exists():
            return None
        root, about = self._read(_ROOT), self._read(_ABOUT)
        if root is None and about is None:
            return None
        if root is None:
            raise DamagedPin(self.path, f"{_ROOT} is missing")
        try:
            return _pin(root, _url_of(about))
        except ValueError as error:  # InvalidMetadata is one, too
            raise DamagedPin(self.path, str(error)) from error

    def write(self, pin: Pin, seen: Mapping[str, bytes] | None = None) -> None:
        """Keep what is pinned, the root first: what was seen depends on it."""
        self.path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        about = {"repository": self.repository, "url": pin.url}
        for name, data in {_ROOT: pin.root, **(seen or {})}.items():
            self._replace(name, data)
        self._replace(_ABOUT, json.dumps(about, indent=1).encode())

    def seen(self) -> dict[str, bytes]:
        """Return what the client saw last, by file name."""
        found = ((name, self._read(name)) for name in SEEN)
        return {name: data for name, data in found if data is not None}

    def _exists(self) -> bool:
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(status.st_mode):
            raise InsecurePin(self.path, "is not a folder", f"look at {self.path}, and remove it")
        if status.st_mode & _OTHERS_WRITE:
            mend = f"run: chmod 700 {self.path}; if others use this machine, delete it instead"
            raise InsecurePin(self.path, "may be written to by others", mend)
        return True

    def _read(self, name: str) -> bytes | None:
        file = self.path / name
        if file.is_symlink():
            raise InsecurePin(file, "is a symbolic link", f"remove {file}, and pin the root anew")
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return None

    def _replace(self, name: str, data: bytes) -> None:
        with NamedTemporaryFile(dir=self.path, prefix=f".{name}.", delete=False) as temporary:
            try:
                temporary.write(data)
                temporary.flush()
                os.fsync(temporary.fileno())
                Path(temporary.name).replace(self.path / name)
            except BaseException:
                with suppress(FileNotFoundError):
                    Path(temporary.name).unlink()
                raise


def _pin(data: bytes, url: str | None) -> Pin:
    """Return the pin of a root that verifies by its own keys; raise `ValueError`."""
    root: Document[Root] = parse_document(data, Root)
    delegation = delegation_of(ROOT, root, ROOT)
    if delegation is None or not tally(root, delegation, LocalKeys()).met:
        raise ValueError("its signatures do not verify by its own keys")
    return Pin(version=root.signed.version, root=data, url=url)


def _url_of(about: bytes | None) -> str | None:
    """Return the URL that `about.json` names; raise `ValueError` if it is not what we wrote."""
    if about is None:  # killed just after the root was written
        return None
    entries = json.loads(about)
    url = entries.get("url") if isinstance(entries, dict) else ()
    if not isinstance(url, str | None):
        raise ValueError(f"{_ABOUT} does not name a URL")  # noqa: TRY004 - a value of a file, not of a caller
    return url


def _user_data() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415 - needed by few commands

    return user_data_path("tufline", appauthor=False)


def _place_of(remote: str) -> str:
    """Return host and path of a remote, or what else it is; never a name or password it holds."""
    web = web_place(remote)
    if web is None:
        return _without_user(remote)
    return "/".join((web.host.lower(), *web.parts))


def _without_user(remote: str) -> str:
    """Return a remote's URL without the name and password that it may hold, and `.git`."""
    place = remote.rstrip("/").removesuffix(".git").rstrip("/")
    parts = urlsplit(place) if place.startswith(("http://", "https://")) else None
    if parts is None or "@" not in parts.netloc:
        return place
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
