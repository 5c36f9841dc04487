"""online-expired: what is published has a snapshot and a timestamp that clients still accept."""

from collections.abc import Iterator

from tufline.repository.format import SNAPSHOT, TIMESTAMP, Document
from tufline.repository.review._case import Case, Purpose
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Compare the ends of both online roles with now (TUF 5.4.4, 5.5.6)."""
    if case.purpose is not Purpose.PUBLISHED:
        return
    online = {SNAPSHOT: case.event.snapshot(), TIMESTAMP: case.event.timestamp()}
    for role, loaded in online.items():
        if isinstance(loaded, Document) and loaded.signed.is_expired(case.now):
            yield error(f"expired {loaded.signed.expires:%Y-%m-%d %H:%M} UTC", role=role)


RULE = RepositoryRule("online-expired", check)
