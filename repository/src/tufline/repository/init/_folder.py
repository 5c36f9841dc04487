"""The folder that a repository's files are written to. Adapter: reads and writes files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tufline.repository.errors import UserError


class LinkInTheWay(UserError):
    """A file would be written to where a symbolic link leads."""

    hint = "see where the link leads; put a folder or a file of its own in its place, or remove it"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a symbolic link, so nothing was written")


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Paths by how a folder has them: not at all, as they should be, or otherwise."""

    new: tuple[str, ...]
    equal: tuple[str, ...]
    different: tuple[str, ...]


def compare(expected: Mapping[str, bytes], existing: Mapping[str, bytes]) -> Comparison:
    """Compare what should be with what is."""
    there = [path for path in expected if path in existing]
    return Comparison(
        new=tuple(path for path in expected if path not in existing),
        equal=tuple(path for path in there if existing[path] == expected[path]),
        different=tuple(path for path in there if existing[path] != expected[path]),
    )


def read_files(folder: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return those of the files that exist."""
    return {path: (folder / path).read_bytes() for path in paths if (folder / path).is_file()}


def files_below(folder: Path, prefix: str) -> dict[str, bytes]:
    """Return the files directly in a folder of the folder, by path."""
    found = sorted((folder / prefix).glob("*"))
    return read_files(folder, (path.relative_to(folder).as_posix() for path in found))


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, in place of what is there; scripts may be run.

    Raises `LinkInTheWay`, before anything is written: a link in a clone is somebody else's choice.
    """
    for name in files:
        _expect_no_link(folder, name)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if data.startswith(b"#!"):
            path.chmod(0o755)


def _expect_no_link(folder: Path, name: str) -> None:
    path = folder
    for part in Path(name).parts:
        path /= part
        if path.is_symlink():
            raise LinkInTheWay(path)
