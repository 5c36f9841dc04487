"""online-uri: online keys are only where the settings say (`online-keys` in `tufline.toml`)."""

from collections.abc import Iterator

from tufline.repository.format import online_uri
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect


def check(role: RoleCase) -> Iterator[Remark]:
    """Report online keys whose URI begins with none of the allowed prefixes."""
    allowed = role.case.policy.online_uris
    if allowed is None or not role.judged_in_full:
        return
    known = {online_uri(key) for key in role.known_trust.keys.values()}
    for key in role.trust.keys.values():
        uri = online_uri(key)
        if uri is not None and not uri.startswith(allowed):
            message = f"the online key {uri} is not among those that tufline.toml allows"
            yield defect(f"{message}; allow it on main first, or use another", known=uri in known)


RULE = RoleRule("online-uri", check)
