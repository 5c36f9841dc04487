"""unclaimed-path: every changed path belongs to a rule (NEEDS rows E, F, G).

An event may change metadata of roles, the newest root's copy in root_history, the invitations,
signature files, attestations of keys, and artifacts. Anything else, a workflow or a setting above
all, is changed on main by review of its own, never together with what key holders sign.
"""

from collections.abc import Iterator

from tufline.repository.format import (
    INVITATIONS_PATH,
    artifact_of_path,
    historic_root_version,
    is_below_attestations,
    is_below_detached,
    role_of_path,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Report the changed paths that no other rule looks at."""
    if case.whole:
        return  # main may hold workflows and settings; they are not published
    for path in case.differences:
        if not _is_claimed(path):
            yield error("an event may not change this file; propose it to main directly", path=path)


def _is_claimed(path: str) -> bool:
    return (
        role_of_path(path) is not None  # role-file, online-metadata
        or historic_root_version(path) is not None  # root-history
        or path == INVITATIONS_PATH  # invitations
        or is_below_detached(path)  # detached-signature
        or is_below_attestations(path)  # attestation
        or artifact_of_path(path) is not None  # artifact-owner
    )


RULE = RepositoryRule("unclaimed-path", check)
