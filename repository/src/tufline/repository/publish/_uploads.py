"""One file to upload, and its bytes when their turn comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import tee
from typing import Final

from tufline.repository.format import (
    TIMESTAMP,
    artifact_of_path,
    historic_root_version,
    metadata_path,
    without_empty_signatures,
)
from tufline.repository.publish._cache import Cache
from tufline.repository.state import Entry, State

published_bytes = without_empty_signatures
"""What clients get for the bytes of a metadata file in git: a pure function of them."""

METADATA_TYPE: Final = "application/json"
ARTIFACT_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """One file to upload: its name in the store, and the file in git that it is made from."""

    name: str
    source: Entry

    @property
    def is_artifact(self) -> bool:
        """Whether it is an artifact: published as it is, and not for browsers to interpret."""
        return artifact_of_path(self.source.path) is not None

    @property
    def media_type(self) -> str:
        """The media type that a web server should send."""
        return ARTIFACT_TYPE if self.is_artifact else METADATA_TYPE

    @property
    def cache(self) -> Cache:
        """How long it may be cached: only the timestamp changes under its name."""
        return Cache.REVALIDATE if self.is_timestamp else Cache.IMMUTABLE

    @property
    def is_timestamp(self) -> bool:
        """Whether it is the one file that is replaced."""
        return self.source.path == metadata_path(TIMESTAMP)

    @property
    def is_root(self) -> bool:
        """Whether it is a root: clients ask for the next one before anything else."""
        return historic_root_version(self.source.path) is not None


def with_bytes(state: State, uploads: Iterable[Upload]) -> Iterator[tuple[Upload, bytes]]:
    """Yield each upload of `state` with what is to be stored, in order, one at a time."""
    ours, sources = tee(uploads)
    contents = state.files.read_many(upload.source for upload in sources)
    for upload, (_, data) in zip(ours, contents, strict=True):
        yield upload, data if upload.is_artifact else published_bytes(data)
