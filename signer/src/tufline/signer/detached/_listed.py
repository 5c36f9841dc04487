"""A tree as a payload has it: which files there are, and the contents of those that matter."""

from collections.abc import Iterable, Iterator, Mapping

from tufline.repository.state import (
    Difference,
    Entry,
    Files,
    Kind,
    compare_listings,
    names_of,
)
from tufline.signer.detached._errors import NotInPayload


class ListedFiles:
    """A `Files` that holds some contents. To ask for another raises `NotInPayload`."""

    def __init__(self, entries: Mapping[str, Entry], contents: Mapping[str, bytes]) -> None:
        self._entries = dict(sorted(entries.items()))
        self._contents = contents

    def find(self, path: str) -> Entry | None:
        """Return the file at `path`, or None."""
        return self._entries.get(path)

    def below(self, folder: str) -> Iterator[Entry]:
        """Yield every file below `folder`."""
        prefix = folder and folder.rstrip("/") + "/"
        return (entry for path, entry in self._entries.items() if path.startswith(prefix))

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names directly in `folder`."""
        return names_of((entry.path for entry in self.below(folder)), folder)

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes."""
        if entry.kind is Kind.SUBMODULE:
            return b""
        try:
            return self._contents[entry.id]
        except KeyError:
            raise NotInPayload(entry.path) from None

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Yield each entry with its bytes."""
        return ((entry, self.read(entry)) for entry in entries)

    def since(self, base: Files) -> Iterator[Difference]:
        """Yield how this tree differs from `base`."""
        return compare_listings(base, self)
