"""root-chain: every root is signed by the one before it and by itself (TUF 5.3.4 to 5.3.5).

Clients walk from the root they hold to the newest, one version at a time. One step that does not
verify strands all who stand before it.
"""

from collections.abc import Iterator

from tuf.api.metadata import Root

from tufline.repository.format import METADATA_FOLDER, ROOT, Document
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error, notice
from tufline.repository.review._imported import imported_root
from tufline.repository.review._roots import oldest_verifying_root, own_problem, step_problem
from tufline.repository.state import LoadedRoot, Unreadable


def check(case: Case) -> Iterator[Remark]:
    """Judge all of the chain that clients may walk; in an event, where it would be cut."""
    root = case.event.root()
    if root is None and ROOT not in case.judged:  # else `role-file` says so
        yield error("there is no root.json; restore it", role=ROOT)
    elif case.role(ROOT).changed:
        yield from _last_link(case)
    if case.whole and isinstance(root, Document):
        yield from _whole_chain(case, root)
    elif case.base.root() is None:
        yield from _imported_chain(case)


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
    problem = own_problem(link, start, case.verifier)
    version = start
    while problem is None and isinstance(link, Document) and version < newest.signed.version:
        version += 1
        before, link = link, _at(case, newest, version)
        problem = own_problem(link, version, case.verifier)
        problem = problem or step_problem(before, link, case.verifier)
    if problem:
        yield error(
            f"root {version} {problem}; clients that hold an older one are cut off", role=ROOT
        )
    elif case.policy.oldest_root is None and case.from_nothing and _at(case, newest, start - 1):
        message = f"roots before {start} do not verify; clients that hold one cannot update"
        yield notice(f"{message}; set oldest-root = {start} in tufline.toml", role=ROOT)


def _imported_chain(case: Case) -> Iterator[Remark]:
    """Judge the roots that an import brings; who signs the newest is counted like other signatures.

    What is published holds them already, so what they lack is told and cannot be mended.
    """
    before = imported_root(case.event, case.policy.oldest_root)
    if not isinstance(before, Document):
        return
    version = before.signed.version
    problem = own_problem(before, version, case.verifier)
    if problem:
        yield error(f"root {version} {problem}; bring the root that clients hold", role=ROOT)
        return
    start = oldest_verifying_root(case.event, before, case.verifier)
    if case.policy.oldest_root is None and case.event.historic_root(start - 1) is not None:
        message = f"roots before {start} do not verify; clients that hold one cannot update"
        yield notice(f"{message}; set oldest-root = {start} in tufline.toml", role=ROOT)


def _start(case: Case, newest: Document[Root]) -> int:
    """Return the oldest root to begin at: as set, what is published, or as far as it verifies."""
    known = case.base.root()
    published = known.signed.version if isinstance(known, Document) else None
    stated = [each for each in (case.policy.oldest_root, published) if each is not None]
    if stated:
        return min(*stated, newest.signed.version)
    return oldest_verifying_root(case.event, newest, case.verifier)


def _at(case: Case, newest: Document[Root], version: int) -> LoadedRoot:
    """Return root `version`: what is published already is believed, not main's copy of it."""
    known = case.base.root()
    if isinstance(known, Document) and known.signed.version == version:
        return known
    return newest if version == newest.signed.version else case.event.historic_root(version)


RULE = RepositoryRule("root-chain", check)
