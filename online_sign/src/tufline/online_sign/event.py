"""Job: sign the roles of a signing event that online keys sign, not people.

It runs where the online keys are, from main's code. Only keys that known good's settings allow are
used: review refuses an event that names others. And people come first: a key is used for a role
only where main says so, or where the threshold of people who say so has signed the event.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from securesystemslib.signer import Key
from tuf.api.metadata import Targets

from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.repository.edit import role_files, with_signature
from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    Document,
    RoleName,
    online_uri,
    parse_document,
    role_of_path,
)
from tufline.repository.history import History
from tufline.repository.jobs import (
    ChangeRefused,
    Event,
    commit_proposal,
    load_event,
    proposal,
)
from tufline.repository.review import LocalKeys, Refused, Review, tally
from tufline.repository.state import delegation_graph, delegation_of


def sign_event(
    history: History, name: str, keys: OnlineKeys, *, now: datetime
) -> tuple[RoleName, ...]:
    """Sign what online keys must sign in the event, as one commit; return the signed roles.

    Raises `ChangeRefused` if review refuses the event: then nothing is signed.
    """
    history.refresh()
    event = load_event(history, name)
    found = event.review(now=now)
    if isinstance(found.verdict, Refused):
        raise ChangeRefused(name, found.verdict.findings)
    files: dict[str, bytes | None] = {}
    signed = []
    for role, document in _unsigned(event, found, keys):
        files |= role_files(role, document.signed.version, document.data)
        signed.append(role)
    message = f"Sign {', '.join(signed)} with online keys"
    wanted = proposal(event, files, message=message, now=now)
    commit_proposal(history, wanted, author=event.settings.committer, now=now)
    return tuple(signed)


def _unsigned(
    event: Event, found: Review, keys: OnlineKeys
) -> Iterator[tuple[RoleName, Document[Targets]]]:
    """Yield the changed roles that lack signatures of online keys, with these signatures added."""
    open_roles = {role.name for role in found.roles if not role.ready}
    for role in _changed_roles(event):
        document = event.proposed.targets(role)
        if not isinstance(document, Document):
            continue
        missing = _missing_online(event, role, document, undecided=open_roles)
        for key in missing.values():
            document = _with(document, key, keys)
        if missing:
            yield role, document


def _changed_roles(event: Event) -> tuple[RoleName, ...]:
    differences = event.proposed.files.since(event.known_good.files)
    roles = (role_of_path(change.path) for change in differences)
    return tuple(role for role in roles if role and role not in {ROOT, *ONLINE_ROLES})


def _missing_online(
    event: Event, role: RoleName, document: Document[Targets], *, undecided: Collection[RoleName]
) -> dict[str, Key]:
    """Return the online keys that should sign the role and did not, by id.

    Delegators that are `undecided` still lack signatures themselves: what they say does not count.
    """
    delegators = delegation_graph(event.proposed).delegators.get(role, ())
    decided = (each for each in delegators if each not in undecided)
    found = (delegation_of(each, event.proposed.role(each), role) for each in decided)
    tallies = (tally(document, each, LocalKeys()) for each in found if each is not None)
    missing = ((each.delegation.keys, each.missing + each.unverified) for each in tallies)
    return {
        keyid: keys[keyid]
        for keys, keyids in missing
        for keyid in keyids
        if online_uri(keys[keyid])
    }


def _with(document: Document[Targets], key: Key, keys: OnlineKeys) -> Document[Targets]:
    """Return the document with the key's signature, once that is verified."""
    signature = keys.sign(key, document.payload)
    if not LocalKeys().verify(key, signature, document.payload):
        name = online_uri(key) or key.keyid
        raise OnlineKeyFailed(name, "signed with another key than the metadata has")
    return parse_document(with_signature(document, signature), Targets)
