"""snapshot-content: the snapshot lists every targets-type role as it is published (TUF 5.6)."""

from collections.abc import Iterator

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import MetaFile

from tufline.repository.format import SNAPSHOT, Document, RoleName, without_empty_signatures
from tufline.repository.review._case import Case, Purpose
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Compare each entry with the file. Entries of roles that are gone must stay (TUF 5.5.5)."""
    if case.purpose is not Purpose.PUBLISHED:
        return
    snapshot = case.event.snapshot()
    if not isinstance(snapshot, Document):
        return  # the rule `online-unsigned` reports it
    for role in case.graph.delegators:
        listed = snapshot.signed.meta.get(f"{role}.json")
        problem = _problem(case, role, listed)
        if problem:
            yield error(f"{role}: {problem}; sign the snapshot anew", role=SNAPSHOT)


def _problem(case: Case, role: RoleName, listed: MetaFile | None) -> str | None:
    """Return what is wrong with the entry of `role`, or None."""
    loaded = case.event.targets(role)
    if not isinstance(loaded, Document):
        return None  # the rules `role-file` and `readable` report it
    if listed is None:
        return "not listed"
    if listed.version != loaded.signed.version:
        return f"listed as version {listed.version}, is {loaded.signed.version}"
    try:
        listed.verify_length_and_hashes(without_empty_signatures(loaded.data))
    except LengthOrHashMismatchError as mismatch:
        return str(mismatch).splitlines()[0]
    return None


RULE = RepositoryRule("snapshot-content", check)
