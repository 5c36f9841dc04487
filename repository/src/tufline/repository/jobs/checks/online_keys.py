"""The check `online-keys`: can the online keys that an event proposes sign? What of it needs none.

Jobs that hold no key find here whether there is anything to check, and wait for the one that does.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from securesystemslib.signer import Key

from tufline.repository.forge import Task
from tufline.repository.format import ROOT, RoleName, canonical_json, online_uri, role_of_path
from tufline.repository.jobs._events import Event
from tufline.repository.jobs.checks._elsewhere import Elsewhere
from tufline.repository.review import trust_of
from tufline.repository.state import State, delegation_graph

NAME: Final = "online-keys"


def content(event: Event) -> str | None:
    """Return a digest of the online keys as proposed, each with whether main allows its use.

    None where the event changes none of them. Only changed files are read to see that.
    """
    changed = [role for path in event.changes() if (role := role_of_path(path)) is not None]
    if _by_content(event.known_good, changed).keys() == _by_content(event.proposed, changed).keys():
        return None
    proposed = proposed_keys(event)
    before = _by_content(event.known_good, _delegators(event.known_good))
    if before.keys() == {_content(key) for key in proposed}:  # it gives other roles the same keys
        return None
    known = known_uris(event)
    told = [[key.keyid, key.to_dict(), is_allowed(event, key, known)] for key in proposed]
    return hashlib.sha256(canonical_json({"online-keys": told})).hexdigest()


def proposed_keys(event: Event) -> tuple[Key, ...]:
    """Return the online keys that roles are to be signed with, each once, sorted by URI."""
    found = _by_content(event.proposed, _delegators(event.proposed))
    return tuple(sorted(found.values(), key=lambda key: (online_uri(key) or "", _content(key))))


def known_uris(event: Event) -> frozenset[str]:
    """Return the URIs of the online keys that main uses already."""
    found = _by_content(event.known_good, _delegators(event.known_good)).values()
    return frozenset(uri for key in found if (uri := online_uri(key)) is not None)


def is_allowed(event: Event, key: Key, known: Iterable[str]) -> bool:
    """Whether main lets jobs use the key. A URI makes them open a file, or use their rights."""
    uri, policy = online_uri(key) or "", event.settings.policy
    stated = policy.online_uris is not None and policy.allows_online_uri(uri)
    return stated or uri in known


def _delegators(state: State) -> tuple[RoleName, ...]:
    return (ROOT, *delegation_graph(state).children)


def _by_content(state: State, roles: Iterable[RoleName]) -> dict[bytes, Key]:
    """Return the online keys that these roles' metadata names for others, by all they say."""
    return {_content(key): key for key in _online_keys(state, roles)}


def _content(key: Key) -> bytes:
    return canonical_json({key.keyid: key.to_dict()})


def _online_keys(state: State, roles: Iterable[RoleName]) -> Iterator[Key]:
    for role in roles:
        trust = trust_of(state.role(role))
        for name in trust.roles:
            yield from trust.online_keys_of(name)


ONLINE_KEYS_ELSEWHERE: Final = Elsewhere(name=NAME, task=Task.ONLINE_SIGN, digest=content)
"""The check, in a job that holds no online key."""
