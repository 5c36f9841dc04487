"""attestation: what a device says of a new key is verified; none of these files ever reaches main.

A token can prove that a key was made in it. The proof lies beside the metadata for those who sign,
and a job removes it when they all have.
"""

from collections.abc import Iterator

from tufline.repository.format import ATTESTATION_FOLDER
from tufline.repository.review._attestations import (
    MOST_ATTESTATIONS,
    Rejected,
    attestation_files,
    judge_attestations,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error, waiting


def check(case: Case) -> Iterator[Remark]:
    """Judge what lies below metadata/.attestations."""
    files = attestation_files(case)
    if len(files) > MOST_ATTESTATIONS:
        yield error(f"more than {MOST_ATTESTATIONS} files; delete them", path=ATTESTATION_FOLDER)
    elif case.whole:
        for entry in files:
            yield error("an attestation belongs to an event only; remove it", path=entry.path)
    elif files:
        yield from _of_event(case)


def _of_event(case: Case) -> Iterator[Remark]:
    kept = 0
    for path, found in judge_attestations(case):
        if isinstance(found, Rejected):
            yield error(f"not an attestation that counts: {found.reason}; delete it", path=path)
        else:
            kept += 1
    if kept:
        number = "1 attestation" if kept == 1 else f"{kept} attestations"
        what = f"{number}, which a job removes when nothing else is missing"
        yield waiting(what, path=ATTESTATION_FOLDER)


RULE = RepositoryRule("attestation", check)
