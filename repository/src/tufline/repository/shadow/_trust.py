"""Twins in the place of the keys that one metadata file trusts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from tufline.repository.format import RoleName
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._twins import Twin, Twins

Signers: TypeAlias = Mapping[str, Mapping[str, Twin]]
"""For each role that a metadata file names, the twins of its keys by the ids of the real ones."""


def replace_keys(signed: dict[str, Any], role: RoleName, twins: Twins) -> Signers:
    """Put twins in the place of all keys that `signed`, the metadata of `role`, trusts.

    All else stays: the order of ids, thresholds, fields that nobody knows, ids without a key.
    """
    holder = signed if "roles" in signed else signed.get("delegations")
    if not holder:
        return {}
    made = {keyid: twins.of(keyid, key, role) for keyid, key in holder["keys"].items()}
    holder["keys"] = {twin.keyid: twin.tree for twin in made.values()}
    signers = {}
    for name, terms in _named(holder):
        _expect_enough(name, terms, made)
        signers[name] = {keyid: made[keyid] for keyid in terms["keyids"] if keyid in made}
        terms["keyids"] = [
            made[keyid].keyid if keyid in made else keyid for keyid in terms["keyids"]
        ]
    return signers


def _expect_enough(name: str, terms: dict[str, Any], made: Mapping[str, Twin]) -> None:
    """Raise `CannotShadow` where people are still to bring the keys that are to sign."""
    public = {made[keyid].tree["keyval"]["public"] for keyid in terms["keyids"] if keyid in made}
    if terms["threshold"] > len(public):
        have = f"has {len(public)} keys so far"
        raise CannotShadow(f"{name} is to be signed by {terms['threshold']}, and {have}")


def united(words: Iterable[Mapping[str, Twin]]) -> dict[str, tuple[Twin, ...]]:
    """Return all the twins that stand for each id; of one key in several places, one."""
    found: dict[str, dict[str, Twin]] = {}
    for word in words:
        for keyid, twin in word.items():
            found.setdefault(keyid, {}).setdefault(twin.keyid, twin)
    return {keyid: tuple(each.values()) for keyid, each in found.items()}


def _named(holder: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what root, or a role that delegates, says of each role. Bins have no name of theirs."""
    roles = holder.get("roles") or ()
    yield from (
        roles.items() if isinstance(roles, dict) else ((each["name"], each) for each in roles)
    )
    if holder.get("succinct_roles"):
        yield "", holder["succinct_roles"]
