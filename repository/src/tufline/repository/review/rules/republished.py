"""republished: a version that is published never gets other bytes (DESIGN section 3, Versions).

Clients, caches and mirrors keep what they have under a name; two files of one name split them.
"""

from collections.abc import Iterator

from tufline.repository.format import ROOT, Document, InvalidMetadata, without_empty_signatures
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, error, waiting


def check(role: RoleCase) -> Iterator[Remark]:
    """Report other signatures on a known version; `version` reports other content."""
    before, after = role.before, role.after
    if role.name == ROOT:
        return  # `root-history` refuses it: a root that clients hold cannot be replaced at all
    if not role.changed or not isinstance(before, Document) or not isinstance(after, Document):
        return
    if before.payload != after.payload or _published(before.data) == _published(after.data):
        return
    version = after.signed.version
    if role.case.whole:
        message = f"version {version} is published with other signatures; make version"
        yield error(f"{message} {version + 1}")
    else:
        yield waiting(
            f"version {version} has new signatures; tufline will make a new version of it"
        )


def _published(data: bytes) -> bytes:
    try:
        return without_empty_signatures(data)
    except InvalidMetadata:
        return data


RULE = RoleRule("republished", check)
