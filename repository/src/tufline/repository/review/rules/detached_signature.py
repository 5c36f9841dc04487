"""detached-signature: a signature file of an event counts, or goes; none ever reaches main.

People who sign without a network or without a clone give their signatures as files. A job puts
those that verify into the metadata and removes the files; until then the event is not ready.
"""

from collections.abc import Iterator
from typing import assert_never

from tufline.repository.format import DETACHED_FOLDER
from tufline.repository.review._case import Case
from tufline.repository.review._detached import (
    MOST_DETACHED,
    Counts,
    Defective,
    Detached,
    Voided,
    detached_files,
    judge_detached,
)
from tufline.repository.review._finding import Remark, RepositoryRule, error, waiting


def check(case: Case) -> Iterator[Remark]:
    """Judge what lies below metadata/.signatures."""
    files = detached_files(case)
    if len(files) > MOST_DETACHED:
        yield error(f"more than {MOST_DETACHED} files; delete them", path=DETACHED_FOLDER)
    elif case.whole:
        for entry in files:
            yield error("a signature file belongs to an event only; remove it", path=entry.path)
    else:
        for path, found in judge_detached(case):
            yield _remark(path, found)


def _remark(path: str, found: Detached) -> Remark:
    match found:
        case Counts(signature=signature, holder=holder):
            of = f"{signature.role} version {signature.version}"
            what = f"a signature of {of} by {holder}, which the next run puts into the metadata"
            return waiting(what, role=signature.role, path=path)
        case Voided(signature=signature, holder=holder, reason=reason):
            of = f"{signature.role} version {signature.version}"
            what = f"the signature of {of} by {holder} is void, {reason}; the next run removes it"
            return waiting(what, role=signature.role, path=path)
        case Defective(reason=reason):
            return error(f"not a signature that counts: {reason}; delete the file", path=path)
        case _:
            assert_never(found)


RULE = RepositoryRule("detached-signature", check)
