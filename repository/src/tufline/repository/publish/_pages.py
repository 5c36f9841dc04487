"""Generated files that are published beside the repository: for people, and never for clients."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from tufline.repository.errors import Refusal
from tufline.repository.publish._cache import Cache
from tufline.repository.publish._layout import ARTIFACTS, Layout
from tufline.repository.publish._store import (
    NoSuchObject,
    Store,
    StoreChanged,
    Tag,
    safe_name,
)

NO_PAGES: Final[Mapping[str, bytes]] = MappingProxyType({})

_TYPES: Final = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "ics": "text/calendar; charset=utf-8",
        "json": "application/json",
        "png": "image/png",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8",
    }
)
_OTHER_TYPE: Final = "application/octet-stream"
_METADATA: Final = re.compile(r"(timestamp|[0-9]+\..+)\.json")


class ReservedName(Refusal):
    """A generated file would lie where the repository's own files are."""

    hint = "give the page another name, outside the folders of metadata and artifacts"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is a name of the repository itself, so no page can have it")
        self.name = name


def check_names(pages: Iterable[str], layout: Layout) -> None:
    """Raise `ReservedName` for a page that the layout could have a use for, `UnsafeName` too."""
    for name in pages:
        top = safe_name(name).partition("/")[0]
        folder = layout.metadata_dir
        taken = {ARTIFACTS, folder.partition("/")[0]}
        at_the_base = folder == "." and _METADATA.fullmatch(name)
        if top in taken or at_the_base:
            raise ReservedName(name)


def media_type(name: str) -> str:
    """Return the media type that a web server should send with a page."""
    return _TYPES.get(name.rpartition(".")[2], _OTHER_TYPE)


def tags_of(store: Store, pages: Mapping[str, bytes]) -> dict[str, Tag | None]:
    """Return, for each page that the store does not have as it is, the tag of what it has."""
    found: dict[str, Tag | None] = {}
    for name, data in pages.items():
        try:
            there, tag = store.read(name)
        except NoSuchObject:
            found[name] = None
        else:
            if there != data:
                found[name] = tag
    return found


def put_page(store: Store, name: str, data: bytes, replaces: Tag | None) -> None:
    """Put a page in place of what was seen; raise `StoreChanged` if that is something else now."""
    kind = media_type(name)
    try:
        store.put(name, data, media_type=kind, cache=Cache.SHORT, replaces=replaces)
    except StoreChanged:
        # It may have been us, where the answer to a first try was lost.
        if store.get(name) != data:
            raise
