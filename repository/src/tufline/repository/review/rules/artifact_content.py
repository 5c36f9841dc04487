"""artifact-content: length and hashes in metadata are the file's (NEEDS row D).

Every listed hash must be one that python-tuf can compute: its clients refuse an artifact of which
they do not know one, and the hash becomes part of a published name, so it must not be free text.
At least one of them must be a hash for which nobody can make two files.

Where an event changes a file before metadata says so, the metadata will be updated: that is waited
for. An entry and a file that both are as in known good were judged before.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import tee
from typing import Final

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import TargetFile

from tufline.repository.format import artifact_path
from tufline.repository.review._artifacts import listed
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error, waiting
from tufline.repository.state import Entry

_STRONG: Final = frozenset(
    {"blake2b", "blake2b-256", "blake2s", "sha256", "sha384", "sha512", "sha512_256"}
    | {"sha3_256", "sha3_384", "sha3_512"}
)


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare each file with its entry where either changed, or all when everything is judged."""
    files, wanted = tee(_to_compare(role))
    contents = role.case.event.files.read_many(entry for entry, _, _ in wanted)
    for (_, artifact, target), (_, data) in zip(files, contents, strict=True):
        defect = _defect(target, data)
        if defect is not None:
            yield _remark(role, artifact, defect)


def _to_compare(role: RoleCase) -> Iterator[tuple[Entry, str, TargetFile]]:
    """Yield the files to read, each with the artifact and the entry that is about it."""
    artifacts, known = role.case.artifacts, listed(role.before)
    for artifact, target in listed(role.after).items():
        if role.case.whole or artifact in artifacts.changed or known.get(artifact) != target:
            entry = artifacts.file(artifact, role.name)
            if entry is not None:  # else artifact-missing reports it
                yield entry, artifact, target


def _defect(target: TargetFile, data: bytes) -> str | None:
    if target.length == len(data) and target.hashes == {"sha256": sha256(data).hexdigest()}:
        return None  # nearly all of perhaps a hundred thousand entries, four times as fast
    if _STRONG.isdisjoint(target.hashes):
        return f"has no strong hash, only {', '.join(target.hashes)}; add sha256"
    if target.length != len(data):
        return f"has {len(data)} bytes, its metadata says {target.length}"
    try:
        target.verify_length_and_hashes(data)
    except LengthOrHashMismatchError as mismatch:
        return f"is not what its metadata says: {mismatch}"
    return None


def _remark(role: RoleCase, artifact: str, defect: str) -> Remark:
    path = artifact_path(artifact)
    as_known = listed(role.before).get(artifact) == listed(role.after)[artifact]
    if not role.case.whole and as_known:
        return waiting(f"{defect}; the metadata must be updated", path=path)
    return error(f"{defect}; restore the file or update the metadata", path=path)


RULE = RoleRule("artifact-content", check)
