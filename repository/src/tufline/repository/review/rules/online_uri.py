"""online-uri: online keys are only where the settings say (`online-keys` in `tufline.toml`)."""

from collections.abc import Iterator

from tufline.repository.format import is_signer_uri, online_uri
from tufline.repository.review._case import RoleCase
from tufline.repository.review._finding import Remark, RoleRule, defect
from tufline.repository.review._policy import Policy


def check(role: RoleCase) -> Iterator[Remark]:
    """Report online keys whose URI is none, or begins with none of the allowed prefixes."""
    if not role.judged_in_full:
        return
    known = {online_uri(key) for key in role.known_trust.keys.values()}
    for key in role.trust.keys.values():
        uri = online_uri(key)
        problem = uri and _problem(uri, role.case.policy)
        if problem:
            yield defect(problem, known=uri in known)


def _problem(uri: str, policy: Policy) -> str | None:
    if not is_signer_uri(uri):
        return f"{uri!r} is no signer URI; write a scheme, a colon and what it names"
    if policy.allows_online_uri(uri):
        return None
    message = f"the online key {uri} is not among those that tufline.toml allows"
    return f"{message}; allow it on main first, or use another"


RULE = RoleRule("online-uri", check)
