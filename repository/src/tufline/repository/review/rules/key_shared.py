"""key-shared: one key is not two: not of two people, and not under two ids (TUF 4.2.1)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from tufline.repository.format import RoleName, key_material, signer_label
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, defect
from tufline.repository.review.rules._all_keys import NamedKey, delegators, keys_in

_Use: TypeAlias = tuple[str, str]  # key id, holder


def check(case: Case) -> Iterator[Remark]:
    """Compare the public parts of all keys, whatever way they are written."""
    roles = delegators(case)
    known = _uses(keys_in(case.base, roles))
    for material, uses in _uses(keys_in(case.event, roles)).items():
        if len(uses) > 1:
            known_too = uses.keys() <= known.get(material, {}).keys()
            yield defect(_message(uses), known=known_too, role=list(uses.values())[-1])


def _uses(named: Iterable[NamedKey]) -> dict[str, dict[_Use, RoleName]]:
    """Return for each public key under which ids and for whom it stands, and a place of each."""
    found: dict[str, dict[_Use, RoleName]] = defaultdict(dict)
    for delegator, key in named:
        material = key_material(key)
        if material is not None:
            found[material].setdefault((key.keyid, signer_label(key)), delegator)
    return found


def _message(uses: Iterable[_Use]) -> str:
    listed = " and ".join(f"{keyid} ({holder})" for keyid, holder in sorted(uses))
    return f"one and the same key is used as {listed}; each person needs one key of their own"


RULE = RepositoryRule("key-shared", check)
