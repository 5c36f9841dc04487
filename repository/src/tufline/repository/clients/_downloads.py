"""What a client wrote into its folder for artifacts. Clients name the files in several ways."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from tufline.repository.clients._interface import Wanted


def missing(folder: Path, wanted: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Return the artifacts that were not downloaded into the folder."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if _plain(path)}
    return tuple(each for each in wanted if not any(_found(files, each)))


def wrong(folder: Path, wanted: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Return the artifacts whose file, by its name, has other bytes than metadata lists."""
    named = ((each, folder / name) for each in wanted for name in _names(each.path))
    return tuple(
        each for each, path in named if _plain(path) and not _is_content_of(path, each.hashes)
    )


def _found(files: Mapping[str, Path], wanted: Wanted) -> Iterator[Path]:
    """Yield the file of that name; where there is none, files with the listed bytes."""
    named = [files[name] for name in _names(wanted.path) if name in files]
    yield from named
    if wanted.hashes and not named:
        yield from (path for path in files.values() if _is_content_of(path, wanted.hashes))


def _names(artifact: str) -> set[str]:
    """Return how clients may call an artifact's file."""
    safe = {"", "!~*'()"}  # the latter: what JavaScript leaves as it is
    return {artifact.lstrip("/"), quote_plus(artifact), *(quote(artifact, each) for each in safe)}


def _plain(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:  # the name is longer than names can be
        return False


def _is_content_of(path: Path, hashes: Mapping[str, str]) -> bool:
    return all(_digest(path, name) in {None, value.lower()} for name, value in hashes.items())


def _digest(path: Path, algorithm: str) -> str | None:
    """Return the digest in hex; None where we cannot compute it."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, algorithm).hexdigest()
    except (ValueError, TypeError):  # no such algorithm; one that needs a length
        return None
