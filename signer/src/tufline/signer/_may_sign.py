"""Which roles a key may sign, as a state of the repository has it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from securesystemslib.signer import Key

from tufline.repository.format import ROOT, TARGETS, Owner, key_material, key_owner
from tufline.repository.review import trust_of
from tufline.repository.state import State, delegation_graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """A key of the metadata.

    Attributes:
        holder: `@name` of the person, if the metadata says so.
        roles: the roles it may sign, root first.
    """

    keyid: str
    holder: str | None
    roles: tuple[str, ...]


def holdings(state: State) -> Mapping[str, Holding]:
    """Return what the keys of a state may sign, by their public parts (`key_material`)."""
    found: dict[str, Holding] = {}
    for role, key in _named(state):
        material = key_material(key)
        if material is None:
            continue
        before = found.get(material)
        found[material] = Holding(
            keyid=before.keyid if before else key.keyid,
            holder=before.holder if before else key_owner(key),
            roles=tuple(dict.fromkeys((*(before.roles if before else ()), role))),
        )
    return found


def keys_of(state: State, person: Owner) -> tuple[Key, ...]:
    """Return the keys of a person that may sign anything, each once."""
    found = {key.keyid: key for _, key in _named(state) if key_owner(key) == person}
    return tuple(found.values())


def _named(state: State) -> Iterator[tuple[str, Key]]:
    root = trust_of(state.role(ROOT))
    for name in (ROOT, TARGETS):
        yield from ((name, key) for key in root.keys_of(name))
    for delegator in delegation_graph(state).children:
        trust = trust_of(state.role(delegator))
        for child in trust.roles:
            yield from ((child, key) for key in trust.keys_of(child))
