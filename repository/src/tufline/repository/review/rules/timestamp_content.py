"""timestamp-content: the timestamp names the snapshot that is published with it (TUF 5.5)."""

from collections.abc import Iterator

from tuf.api.exceptions import LengthOrHashMismatchError

from tufline.repository.format import TIMESTAMP, Document, without_empty_signatures
from tufline.repository.review._case import Case, Purpose
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Compare version, length and hashes with the snapshot."""
    if case.purpose is not Purpose.PUBLISHED:
        return
    snapshot, timestamp = case.snapshot, case.event.timestamp()
    if not isinstance(snapshot, Document) or not isinstance(timestamp, Document):
        return  # the rule `online-unsigned` reports them
    named, version = timestamp.signed.snapshot_meta, snapshot.signed.version
    if named.version != version:
        yield error(f"names snapshot {named.version}, which is {version}", role=TIMESTAMP)
    try:
        named.verify_length_and_hashes(without_empty_signatures(snapshot.data))
    except LengthOrHashMismatchError as mismatch:
        yield error(f"snapshot: {str(mismatch).splitlines()[0]}", role=TIMESTAMP)


RULE = RepositoryRule("timestamp-content", check)
