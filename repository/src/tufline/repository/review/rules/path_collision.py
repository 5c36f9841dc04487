"""path-collision: no two files become one where letter case or Unicode form is ignored (row E).

Clients, mirrors and signers keep the files on macOS and Windows too. There `Keys.json` overwrites
`keys.json`, and a file `a` leaves no room for `a/b`.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from unicodedata import normalize

from tufline.repository.format import CONTENT_FOLDERS
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.state import Files


def check(case: Case) -> Iterator[Remark]:
    """Report each pair once, at the path that sorts last."""
    pairs = _all_pairs(case) if case.whole else _changed_pairs(case)
    for one, other in sorted({(min(pair), max(pair)) for pair in pairs}):
        yield error(f"collides with {one} on some file systems; rename one of them", path=other)


def _all_pairs(case: Case) -> Iterator[tuple[str, str]]:
    """Find collisions among all files: of a file with a file, and with a folder above a file."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path, _, _ in case.entries:
        key = _key(path)
        if files.setdefault(key, path) != path:
            yield files[key], path
        above = key.rpartition("/")[0]
        while above and above not in folders:
            folders[above] = path
            above = above.rpartition("/")[0]
    yield from ((files[key], folders[key]) for key in files.keys() & folders.keys())


def _changed_pairs(case: Case) -> Iterator[tuple[str, str]]:
    """Find collisions of changed files with any file, reading only the folders above them."""
    rivals = _Rivals(case.event.files)
    for path, _, _ in case.entries:
        if path.startswith(CONTENT_FOLDERS):
            yield from ((path, other) for other in rivals.of(path) if other != path)


class _Rivals:
    """Finds the files of one tree that some file systems keep under the same name as another."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._names: dict[str, dict[str, list[str]]] = {}

    def of(self, path: str) -> Iterator[str]:
        """Yield the files that collide with `path`; itself among them if it is there."""
        *above, name = path.split("/")
        folders = [""]
        for part in above:
            yield from self._files_named(folders, part)
            folders = [each + found for each in folders for found in self._like(each, part + "/")]
        yield from self._files_named(folders, name)
        for folder in folders:
            for found in self._like(folder, name + "/"):
                yield from (entry.path for entry in islice(self._files.below(folder + found), 1))

    def _files_named(self, folders: list[str], name: str) -> Iterator[str]:
        for folder in folders:
            paths = (folder + found for found in self._like(folder, name))
            yield from (path for path in paths if self._files.find(path))

    def _like(self, folder: str, name: str) -> list[str]:
        """Return the names in `folder` that equal `name` but for case and form."""
        if folder not in self._names:
            names = self._names[folder] = defaultdict(list)
            for found in self._files.names(folder):
                names[_key(found)].append(found)
        return self._names[folder].get(_key(name), [])


def _key(path: str) -> str:
    """Return what is the same for all paths that some file system takes for one."""
    if path.isascii():
        return path.lower()
    return normalize("NFC", normalize("NFD", path).casefold())


RULE = RepositoryRule("path-collision", check)
