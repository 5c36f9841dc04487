"""All rules. Adding one is adding a module, a line here, a section in `docs/rules.md`, a test."""

from typing import Final

from tufline.repository.review._finding import RepositoryRule, RoleRule
from tufline.repository.review.rules import (
    online_expired,
    online_unsigned,
    snapshot_content,
    timestamp_content,
    unclaimed_path,
    unsigned,
    version,
)

REPOSITORY_RULES: Final[tuple[RepositoryRule, ...]] = (
    online_expired.RULE,
    online_unsigned.RULE,
    snapshot_content.RULE,
    timestamp_content.RULE,
    unclaimed_path.RULE,
)

ROLE_RULES: Final[tuple[RoleRule, ...]] = (
    version.RULE,
    unsigned.RULE,
)
