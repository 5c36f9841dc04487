"""snapshot-content: the snapshot lists every targets-type role as it is published (TUF 5.6)."""

from collections.abc import Iterator

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import MetaFile, Targets

from tufline.repository.format import ROOT, SNAPSHOT, Document, without_empty_signatures
from tufline.repository.review._case import Purpose, RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error
from tufline.repository.state import Loaded


def check(role: RoleCase) -> Iterator[Remark]:
    """Compare the role's entry with its file. Entries of roles that are gone stay (TUF 5.5.5)."""
    if role.case.purpose is not Purpose.PUBLISHED or role.name == ROOT:
        return
    snapshot = role.case.snapshot
    if not isinstance(snapshot, Document):
        return  # the rule `online-unsigned` reports it
    problem = _problem(snapshot.signed.meta.get(f"{role.name}.json"), role.after)
    if problem:
        yield error(f"{role.name}: {problem}; sign the snapshot anew", role=SNAPSHOT)


def _problem(listed: MetaFile | None, loaded: Loaded) -> str | None:
    """Return what is wrong with the entry, or None."""
    if not isinstance(loaded, Document) or not isinstance(loaded.signed, Targets):
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


RULE = RoleRule("snapshot-content", check)
