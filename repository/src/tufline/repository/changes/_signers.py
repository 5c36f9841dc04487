"""Whose key is whose: key ids of two states, as people and online keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from securesystemslib.signer import Key
from tuf.api.metadata import Root

from tufline.repository.changes._key_facts import Signer
from tufline.repository.format import (
    ROOT,
    TARGETS,
    Document,
    online_uri,
    signer_label,
    stated_owner,
)
from tufline.repository.state import Loaded, State, delegation_graph


class Keyring:
    """The keys that one metadata file names. A file that cannot be read names none."""

    def __init__(self, loaded: Loaded) -> None:
        self._keys = _keys_of(loaded)

    def signer(self, keyid: str) -> Signer:
        """Return whom the key stands for; the key id alone where the file does not say."""
        return self.find(keyid) or Signer(keyid=keyid, label=keyid, online=False)

    def find(self, keyid: str) -> Signer | None:
        """Return whom the key stands for, or None if the file does not hold it."""
        key = self._keys.get(keyid)
        if key is None:
            return None
        online = online_uri(key) is not None and stated_owner(key) is None
        return Signer(keyid=keyid, label=signer_label(key), online=online)


@dataclass(frozen=True, slots=True)
class Rings:
    """The keys of one file before and after the change."""

    before: Keyring
    after: Keyring


class Directory:
    """The keys of two states, read as far as needed: root and targets first."""

    def __init__(self, base: State, event: State) -> None:
        self._base = base
        self._event = event

    def signer(self, keyid: str) -> Signer:
        """Return whom the key stands for, in the event if it says so; else the key id alone."""
        found = (ring.find(keyid) for ring in self._rings())
        return next(filter(None, found), Keyring(None).signer(keyid))

    def _rings(self) -> Iterator[Keyring]:
        yield from self._top_level
        yield from self._delegators

    @cached_property
    def _top_level(self) -> tuple[Keyring, ...]:
        states = (self._event, self._base)
        return tuple(Keyring(state.role(role)) for state in states for role in (ROOT, TARGETS))

    @cached_property
    def _delegators(self) -> tuple[Keyring, ...]:
        return tuple(Keyring(each) for each in self._loaded_delegators())

    def _loaded_delegators(self) -> Iterator[Loaded]:
        for state in (self._event, self._base):
            for role in delegation_graph(state).children:
                yield state.targets(role)


def _keys_of(loaded: Loaded) -> Mapping[str, Key]:
    if not isinstance(loaded, Document):
        return {}
    if isinstance(loaded.signed, Root):
        return loaded.signed.keys
    delegations = loaded.signed.delegations
    return delegations.keys if delegations else {}
