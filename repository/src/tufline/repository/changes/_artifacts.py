"""What a role lists, and what snapshot and timestamp list."""

from collections.abc import Iterator

from tufline.repository.changes._facts import (
    ArtifactAdded,
    ArtifactChanged,
    ArtifactRemoved,
    CustomChanged,
    EntryChanged,
    Listing,
)
from tufline.repository.changes._leaves import ABSENT
from tufline.repository.changes._pair import Described, Pair, with_the_rest


def describe_artifacts(pair: Pair) -> Iterator[Described]:
    """Describe the object of artifacts by path, of targets metadata."""
    for artifact, listed in pair.children():
        yield from with_the_rest(listed, _describe_artifact(listed, artifact))


def describe_entries(pair: Pair) -> Iterator[Described]:
    """Describe the object `meta` of snapshot or timestamp."""
    for file, entry in pair.children():
        for leaf in entry.leaves():
            field = leaf.path[len(entry.path) :]
            fact = EntryChanged(file=file, field=field, before=leaf.before, after=leaf.after)
            yield Described(fact, (leaf.path,))


def _describe_artifact(pair: Pair, artifact: str) -> Iterator[Described]:
    if pair.after is ABSENT:
        yield Described(ArtifactRemoved(artifact=artifact), (pair.path,))
        return
    yield from _describe_listing(pair, artifact)
    custom = pair.child("custom")
    for leaf in custom.leaves():
        field = leaf.path[len(custom.path) :]
        fact = CustomChanged(artifact=artifact, field=field, before=leaf.before, after=leaf.after)
        yield Described(fact, (leaf.path,))


def _describe_listing(pair: Pair, artifact: str) -> Iterator[Described]:
    length, hashes = pair.child("length"), pair.child("hashes")
    before, after = _listing(length.before, hashes.before), _listing(length.after, hashes.after)
    claims = (length.path, hashes.path)
    if after is None or before == after:
        return
    if pair.before is ABSENT:
        yield Described(ArtifactAdded(artifact=artifact, listing=after), claims)
    elif before is not None:
        yield Described(ArtifactChanged(artifact=artifact, before=before, after=after), claims)


def _listing(length: object, hashes: object) -> Listing | None:
    """Return the two as a listing; None if they are not of the right types."""
    if type(length) is not int or not isinstance(hashes, dict) or not hashes:
        return None
    digests = [(name, digest) for name, digest in hashes.items() if isinstance(digest, str)]
    return Listing(length=length, hashes=tuple(digests)) if len(digests) == len(hashes) else None
