"""online-unsigned: what is published has a snapshot and a timestamp, signed as root demands."""

from collections.abc import Iterator

from tufline.repository.format import ROOT, SNAPSHOT, TIMESTAMP, RoleName, metadata_path
from tufline.repository.review._case import Case, Purpose
from tufline.repository.review._finding import Remark, RepositoryRule, error
from tufline.repository.review._signatures import SignedDocument, tally
from tufline.repository.state import Unreadable, delegation_of


def check(case: Case) -> Iterator[Remark]:
    """Count the signatures of both online roles against root."""
    if case.purpose is not Purpose.PUBLISHED:
        return
    online = {SNAPSHOT: case.snapshot, TIMESTAMP: case.event.timestamp()}
    for role, loaded in online.items():
        if loaded is None:
            yield error("is missing; sign online first", role=role, path=metadata_path(role))
        elif isinstance(loaded, Unreadable):
            yield error(loaded.reason, role=role, path=loaded.path)
        else:
            yield from _check_signatures(case, role, loaded)


def _check_signatures(case: Case, role: RoleName, document: SignedDocument) -> Iterator[Remark]:
    delegation = delegation_of(ROOT, case.event.root(), role)
    if delegation is None:
        return  # the rule `readable` reports a root that cannot be read
    counted = tally(document, delegation, case.verifier)
    if not counted.met:
        missing = ", ".join(counted.labels(counted.missing + counted.unverified)) or "no key"
        threshold = delegation.threshold
        yield error(
            f"{len(counted.signed)} of {threshold} signatures; missing: {missing}", role=role
        )


RULE = RepositoryRule("online-unsigned", check)
