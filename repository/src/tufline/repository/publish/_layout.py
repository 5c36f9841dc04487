"""Where published files lie in a store."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tufline.repository.errors import UserError
from tufline.repository.format import (
    ROOT,
    TIMESTAMP,
    RoleName,
    published_artifact_name,
    published_metadata_name,
)
from tufline.repository.publish._store import UnsafeName, safe_name

ARTIFACTS: Final = "targets"
"""The folder that artifacts are published in: clients' target base URL ends with it."""


class InvalidMetadataFolder(UserError):
    """The metadata folder cannot be one."""

    hint = 'use a relative folder such as "metadata", or "." for the base URL itself'

    def __init__(self, folder: str) -> None:
        super().__init__(f"metadata cannot be published in {folder!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What is published under which name (TUF specification, section 6.2).

    Attributes:
        metadata_dir: folder of the metadata; "." where clients expect it at the base URL.
        oldest_root: the oldest root that clients may hold; older ones are not published.
    """

    metadata_dir: str = "metadata"
    oldest_root: int = 1

    def __post_init__(self) -> None:
        if self.metadata_dir == ".":
            return
        try:
            top = safe_name(self.metadata_dir).partition("/")[0]
        except UnsafeName as error:
            raise InvalidMetadataFolder(self.metadata_dir) from error
        if top == ARTIFACTS:
            raise InvalidMetadataFolder(self.metadata_dir)

    @property
    def timestamp(self) -> str:
        """The one name whose bytes change."""
        return self.metadata(TIMESTAMP, 0)

    def root(self, version: int) -> str:
        """Return the name of a root version."""
        return self.metadata(ROOT, version)

    def metadata(self, role: RoleName, version: int) -> str:
        """Return the name of a role's metadata; the timestamp's holds no version."""
        # Clients encode the name for the URL, and every web server decodes it before it looks.
        name = unquote(published_metadata_name(role, version))
        return name if self.metadata_dir == "." else f"{self.metadata_dir}/{name}"

    def artifact(self, artifact: str, digest: str) -> str:
        """Return the name of an artifact (a TUF target path) with this digest (hex)."""
        return f"{ARTIFACTS}/{published_artifact_name(artifact, digest)}"
