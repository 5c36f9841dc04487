"""artifact-unlisted: what lies below targets/ is listed by a role that clients ask for it.

In an event the metadata will be updated, or the file deleted: that is waited for. On main it is an
error, though nothing unlisted is ever published: whoever merged the file meant it to be.
"""

from collections.abc import Iterator

from tufline.repository.format import artifact_path
from tufline.repository.review._artifacts import listed
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error, waiting


def check(role: RoleCase) -> Iterator[Remark]:
    """Report files of the role that no role lists, and those that lose the entry they had."""
    entries = listed(role.after)
    for artifact in role.case.artifacts.owned(role.name):
        if artifact not in entries and not role.case.lookup.listers(artifact):
            yield _remark(role, artifact)
    for artifact in _lost(role):
        yield _remark(role, artifact)


def _lost(role: RoleCase) -> Iterator[str]:
    """Yield the artifacts whose file stays while the event drops their entry, or its role."""
    if role.case.whole or not role.changed:
        return
    artifacts, lookup = role.case.artifacts, role.case.lookup
    dropped = listed(role.before).keys() - listed(role.after).keys()
    kept = (each for each in sorted(dropped) if artifacts.file(each, role.name) is not None)
    for artifact in (*kept, *artifacts.searched_anew(role)):
        was_listed = role.case.base_lookup.listers(artifact)
        if was_listed and lookup.owner(artifact) and not lookup.listers(artifact):
            yield artifact


def _remark(role: RoleCase, artifact: str) -> Remark:
    path, owner = artifact_path(artifact), role.case.lookup.owner(artifact)
    if role.case.whole:
        message = "is not listed by the role it belongs to; list it or delete it"
        return error(message, role=owner, path=path)
    message = "is not listed yet; the metadata must be updated, or the file go"
    return waiting(message, role=owner, path=path)


RULE = RoleRule("artifact-unlisted", check)
