"""delegation-widened: a role is trusted for paths that it was not trusted for (NEEDS row J)."""

from collections.abc import Iterator

from tuf.api.metadata import DelegatedRole

from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, notice
from tufline.repository.review.rules._kept import kept_roles


def check(role: RoleCase) -> Iterator[Remark]:
    """Show the patterns before and after, where any is new."""
    for name in kept_roles(role):
        before, after = role.known_trust.roles[name], role.trust.roles[name]
        if not isinstance(before, DelegatedRole) or not isinstance(after, DelegatedRole):
            continue
        if set(after.paths or ()) - set(before.paths or ()):
            was, now = _list(before.paths), _list(after.paths)
            yield notice(f"{name}: was trusted for {was}; is trusted for {now}")


def _list(paths: list[str] | None) -> str:
    return ", ".join(map(repr, paths or ())) or "hash prefixes"


RULE = RoleRule("delegation-widened", check, consent=True)
