"""root-chain: every root is signed by the one before it and by itself (TUF 5.3.4 to 5.3.5).

Clients walk from the root they hold to the newest, one version at a time. One step that does not
verify strands all who stand before it.
"""

from collections.abc import Iterator

from tuf.api.metadata import Root

from tufline.repository.format import METADATA_FOLDER, ROOT, Document
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error, notice
from tufline.repository.review._signatures import tally
from tufline.repository.state import LoadedRoot, Unreadable, delegation_of


def check(case: Case) -> Iterator[Remark]:
    """Judge all of the chain that clients may walk; in an event, where it would be cut."""
    root = case.event.root()
    if root is None and ROOT not in case.judged:  # else `role-file` says so
        yield error("there is no root.json; restore it", role=ROOT)
    elif case.role(ROOT).changed:
        yield from _last_link(case)
    if case.whole and isinstance(root, Document):
        yield from _whole_chain(case, root)


def _last_link(case: Case) -> Iterator[Remark]:
    """Report that nothing is there for the new root to be judged by."""
    known = case.base.root()
    if isinstance(known, Unreadable):
        yield error(
            f"known good's root cannot be read ({known.reason}); mend main first", role=ROOT
        )
    elif known is None and case.base.historic_roots():
        message = f"known good has lost root.json; restore it in {METADATA_FOLDER}/ on main first"
        yield error(message, role=ROOT)


def _whole_chain(case: Case, newest: Document[Root]) -> Iterator[Remark]:
    start = _start(case, newest)
    link = _at(case, newest, start)
    problem = _own_problem(case, link, start)
    version = start
    while problem is None and isinstance(link, Document) and version < newest.signed.version:
        version += 1
        before, link = link, _at(case, newest, version)
        problem = _own_problem(case, link, version) or _step_problem(case, before, link)
    if problem:
        yield error(
            f"root {version} {problem}; clients that hold an older one are cut off", role=ROOT
        )
    elif case.policy.oldest_root is None and case.from_nothing and _at(case, newest, start - 1):
        message = f"roots before {start} do not verify; clients that hold one cannot update"
        yield notice(f"{message}; set oldest-root = {start} in tufline.toml", role=ROOT)


def _start(case: Case, newest: Document[Root]) -> int:
    """Return the oldest root to begin at: as set, what is published, or as far as it verifies."""
    known = case.base.root()
    published = known.signed.version if isinstance(known, Document) else None
    stated = [each for each in (case.policy.oldest_root, published) if each is not None]
    if stated:
        return min(*stated, newest.signed.version)
    version = newest.signed.version
    link: LoadedRoot = newest
    while version > 1:
        before = _at(case, newest, version - 1)
        if _own_problem(case, before, version - 1) or _step_problem(case, before, link):
            break
        version, link = version - 1, before
    return version


def _at(case: Case, newest: Document[Root], version: int) -> LoadedRoot:
    """Return root `version`: what is published already is believed, not main's copy of it."""
    known = case.base.root()
    if isinstance(known, Document) and known.signed.version == version:
        return known
    return newest if version == newest.signed.version else case.event.historic_root(version)


def _own_problem(case: Case, link: LoadedRoot, version: int) -> str | None:
    if link is None:
        return "is missing in root_history"
    if isinstance(link, Unreadable):
        return f"cannot be read: {link.reason}"
    if link.signed.version != version:
        return f"says it is version {link.signed.version}"
    return _signed_by(case, link, link, "itself")


def _step_problem(case: Case, before: LoadedRoot, link: LoadedRoot) -> str | None:
    return _signed_by(case, before, link, "the root before it")


def _signed_by(case: Case, signer: LoadedRoot, link: LoadedRoot, name: str) -> str | None:
    delegation = delegation_of(ROOT, signer, ROOT)
    if delegation is None or not isinstance(link, Document):
        return f"does not verify by {name}"
    counted = tally(link, delegation, case.verifier)
    if counted.met:
        return None
    return f"has {len(counted.signed)} of {delegation.threshold} signatures by the keys of {name}"


RULE = RepositoryRule("root-chain", check)
