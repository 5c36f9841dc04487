"""artifact-missing: what metadata lists is there.

Clients are promised every listed artifact. Where an event deletes a file before metadata says so,
the metadata will be updated: that is waited for.
"""

from collections.abc import Iterator

from tufline.repository.format import artifact_path
from tufline.repository.review._artifacts import listed
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error, waiting


def check(role: RoleCase) -> Iterator[Remark]:
    """Report listed artifacts without a plain file, among all of a changed role or the changed."""
    artifacts, entries = role.case.artifacts, listed(role.after)
    looked_for = entries if role.judged_in_full else artifacts.changed.keys() & entries.keys()
    for artifact in artifacts.without_file(looked_for, role.name):
        yield _remark(role, artifact)


def _remark(role: RoleCase, artifact: str) -> Remark:
    path = artifact_path(artifact)
    as_known = listed(role.before).get(artifact) == listed(role.after)[artifact]
    if not role.case.whole and as_known and artifact in role.case.artifacts.changed:
        return waiting("was deleted and is still listed; the metadata must be updated", path=path)
    return error("is listed and is no plain file here; add the file or remove its entry", path=path)


RULE = RoleRule("artifact-missing", check)
