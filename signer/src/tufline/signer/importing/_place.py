"""Where in a source the files lie, and under which names.

Tools put them into different folders: python-tuf's examples and go-tuf 0.x into `repository/`,
RSTUF and most servers into `metadata/` and `targets/`, tuf-on-ci into `metadata/` and
`metadata/root_history/`, what is published often at the base itself.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from tufline.repository.format import TIMESTAMP, RoleName, published_artifact_name
from tufline.repository.state import LARGEST_ROOT
from tufline.signer.importing._errors import NoRepository
from tufline.signer.importing._interface import Place, Source, TooLong

_FOLDERS: Final = ("", "metadata/", "repository/", "repository/metadata/")
_SIGNS: Final = ("timestamp.json", "root.json", "1.root.json")
_TARGETS: Final = "targets/"


def find_place(source: Source) -> Place:
    """Return where the files lie; raise `NoRepository`."""
    for folder in _FOLDERS:
        if any(_is_there(source, folder + name) for name in _SIGNS):
            around = folder.removesuffix("/").rpartition("/")[0]
            beside = f"{around}/{_TARGETS}" if around else _TARGETS
            artifacts = dict.fromkeys((folder + _TARGETS, beside))
            return Place(metadata=folder, artifacts=tuple(artifacts))
    raise NoRepository(source.name)


def metadata_names(role: RoleName, version: int | None) -> Iterator[str]:
    """Yield the names that a role's metadata may have, likeliest first; None: any version."""
    plain = dict.fromkeys((quote(role, safe=""), role))
    if version is not None and role != TIMESTAMP:
        yield from (f"{version}.{name}.json" for name in plain)
    yield from (f"{name}.json" for name in plain)


def artifact_names(artifact: str, digests: tuple[str, ...]) -> Iterator[str]:
    """Yield the names that an artifact's file may have, likeliest first."""
    yield from (published_artifact_name(artifact, digest) for digest in digests)
    yield artifact


def _is_there(source: Source, path: str) -> bool:
    try:
        return source.read(path, LARGEST_ROOT) is not None
    except TooLong:
        return True  # who reads it says so
