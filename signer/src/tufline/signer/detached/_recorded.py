"""The files of a tree, with a note of each that was asked for: what a payload must hold."""

from collections.abc import Iterable, Iterator

from tufline.repository.state import Difference, Entry, Files


class RecordedFiles:
    """A `Files` that remembers what was asked of it.

    `paths` is every path that an answer was about; `read_ids` the contents that were read.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.paths: set[str] = set()
        self.read_ids: set[str] = set()

    def find(self, path: str) -> Entry | None:
        """Return the file at `path`, or None."""
        self.paths.add(path)
        return self.files.find(path)

    def below(self, folder: str) -> Iterator[Entry]:
        """Yield every file below `folder`."""
        for entry in self.files.below(folder):
            self.paths.add(entry.path)
            yield entry

    def names(self, folder: str) -> Iterator[str]:
        """Yield the names directly in `folder`: one file is noted for each."""
        prefix = folder and folder.rstrip("/") + "/"
        for name in self.files.names(folder):
            self._note(prefix + name)
            yield name

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes."""
        self._note_read(entry)
        return self.files.read(entry)

    def read_many(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """Yield each entry with its bytes."""
        for entry, data in self.files.read_many(entries):
            self._note_read(entry)
            yield entry, data

    def since(self, base: Files) -> Iterator[Difference]:
        """Yield how this tree differs from `base`."""
        inner = base.files if isinstance(base, RecordedFiles) else base
        for change in self.files.since(inner):
            self.paths.add(change.path)
            yield change

    def _note(self, path: str) -> None:
        if path.endswith("/"):
            first = next(self.files.below(path), None)
            path = first.path if first else path.rstrip("/")
        self.paths.add(path)

    def _note_read(self, entry: Entry) -> None:
        self.paths.add(entry.path)
        self.read_ids.add(entry.id)
