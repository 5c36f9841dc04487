"""The content of artifacts: each is read once, and is what its hashes say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from securesystemslib.exceptions import StorageError, UnsupportedAlgorithmError
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import TargetFile

from tufline.signer.importing._errors import CannotImport, Problem
from tufline.signer.importing._interface import Existing, Place, Source, TooLong
from tufline.signer.importing._place import artifact_names

if TYPE_CHECKING:
    from tufline.repository.format import RoleName

_UNSAFE: Final = frozenset({"", ".", ".."})
_FIND: Final = "put the right file there, name its folder with --artifacts, or unlist it"
_RENAME: Final = "list it under another name first"


def read_artifacts(source: Source, place: Place, existing: Existing) -> dict[str, bytes]:
    """Return the content of all that is listed, by name; raise `CannotImport` with all problems."""
    found: dict[str, bytes] = {}
    problems = list(_conflicts(existing))
    for name, entry in _listed(existing):
        if name in found or _is_unsafe(name):
            continue
        data = _content(source, place, entry)
        if isinstance(data, Problem):
            problems.append(data)
        else:
            found[name] = data
    if problems:
        raise CannotImport(problems)
    return found


def _listed(existing: Existing) -> Iterator[tuple[str, TargetFile]]:
    for document in existing.targets.values():
        yield from document.signed.targets.items()


def _conflicts(existing: Existing) -> Iterator[Problem]:
    """Yield names that cannot be files here, and those that mean two contents."""
    first: dict[str, tuple[RoleName, TargetFile]] = {}
    for role, document in existing.targets.items():
        for name, entry in document.signed.targets.items():
            if _is_unsafe(name):
                yield Problem(name, f"{role} lists a name that no file can have here", _RENAME)
            other, before = first.setdefault(name, (role, entry))
            if (before.length, before.hashes) != (entry.length, entry.hashes):
                reason = f"{other} and {role} list it with different content"
                yield Problem(name, reason, "let one role list it")


def _is_unsafe(name: str) -> bool:
    """Whether the name could mean a place elsewhere, or is none that can be kept."""
    parts = name.split("/")
    hidden = any(part in _UNSAFE or part.startswith(".") for part in parts)
    return hidden or "\\" in name or not name.isprintable()


def _content(source: Source, place: Place, entry: TargetFile) -> bytes | Problem:
    seen = []
    for folder in place.artifacts:
        for name in artifact_names(entry.path, tuple(entry.hashes.values())):
            try:
                data = source.read(folder + name, entry.length)
            except TooLong:
                seen.append(f"{folder}{name} is longer than {entry.length} bytes")
                continue
            if data is None:
                continue
            wrong = _wrong(entry, data)
            if wrong is None:
                return data
            seen.append(f"{folder}{name} {wrong}")
    return Problem(entry.path, "; ".join(seen) or "its content is missing", _FIND)


def _wrong(entry: TargetFile, data: bytes) -> str | None:
    try:
        entry.verify_length_and_hashes(data)
    except (LengthOrHashMismatchError, StorageError, UnsupportedAlgorithmError) as error:
        return f"is not what is listed: {error}"
    return None
