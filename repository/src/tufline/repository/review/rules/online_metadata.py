"""online-metadata: an event leaves snapshot and timestamp alone.

The online signer makes them on `publish`. A main that tuf-on-ci made holds copies; they are read
for their versions only. An import into an empty repository brings them along.
"""

from collections.abc import Iterator

from tufline.repository.format import METADATA_FOLDER
from tufline.repository.review._case import ONLINE_PATHS, Case
from tufline.repository.review._finding import Remark, RepositoryRule, error


def check(case: Case) -> Iterator[Remark]:
    """Report a changed snapshot.json or timestamp.json."""
    changed = sorted(ONLINE_PATHS & case.differences.keys())
    if changed and any(case.base.files.below(METADATA_FOLDER)):
        for path in changed:
            yield error("only online signing makes this file; restore it as main has it", path=path)


RULE = RepositoryRule("online-metadata", check)
