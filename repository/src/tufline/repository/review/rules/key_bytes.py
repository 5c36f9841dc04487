"""key-bytes: a key id stands for one key, always and everywhere (NEEDS row K)."""

from collections.abc import Iterator

from securesystemslib.signer import Key

from tufline.repository.format import signer_label
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, defect
from tufline.repository.review.rules._all_keys import delegators, keys_in


def check(case: Case) -> Iterator[Remark]:
    """Report an id that stood, or stands elsewhere, for another key, owner or other field."""
    roles = delegators(case)
    known = {(role, key.keyid): key for role, key in keys_in(case.base, roles)}
    first: dict[str, tuple[Key, str]] = {}
    for (role, keyid), key in known.items():
        first.setdefault(keyid, (key, f"known good's {role}"))
    for role, key in keys_in(case.event, roles):
        other, where = first.setdefault(key.keyid, (key, role))
        if other != key:
            same = known.get((role, key.keyid)) == key
            message = f"key {key.keyid} is {_holder(key)}; in {where} it is {_holder(other)} with"
            message = f"{message} other content; a changed key needs its own id"
            yield defect(message, known=same, role=role)


def _holder(key: Key) -> str:
    label = signer_label(key)
    return "nobody's" if label == key.keyid else f"{label}'s"


RULE = RepositoryRule("key-bytes", check)
