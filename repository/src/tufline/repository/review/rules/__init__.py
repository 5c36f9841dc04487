"""All rules. Adding one is adding a module, a line here, a section in `docs/rules.md`, a test."""

from typing import Final

from tufline.repository.review._finding import RepositoryRule, RoleRule
from tufline.repository.review.rules import (
    unclaimed_path,
    unsigned,
    version,
)

REPOSITORY_RULES: Final[tuple[RepositoryRule, ...]] = (unclaimed_path.RULE,)

ROLE_RULES: Final[tuple[RoleRule, ...]] = (
    version.RULE,
    unsigned.RULE,
)
