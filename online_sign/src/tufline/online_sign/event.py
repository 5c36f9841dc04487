"""Job: sign the roles of a signing event that online keys sign, not people.

It runs where the online keys are, from main's code. Only keys that known good allows are used:
those with the prefixes that its settings name, or else those whose URI it has already. And people
come first: a key is used for a role only where main says so, or where all who say so, from root
down, have the signatures of their thresholds.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from securesystemslib.signer import Key
from tuf.api.metadata import Targets

from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.repository.edit import role_files, with_signature
from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    TARGETS,
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
from tufline.repository.review import (
    Finding,
    LocalKeys,
    Refused,
    Review,
    Severity,
    tally,
    trust_of,
)
from tufline.repository.state import State, delegation_graph, delegation_of


def sign_event(
    history: History, name: str, keys: OnlineKeys, *, now: datetime
) -> tuple[RoleName, ...]:
    """Sign what online keys must sign in the event, as one commit; return the signed roles.

    Raises `ChangeRefused` if review refuses the event, or if it asks for a key that known good does
    not allow: then nothing is signed.
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
    decided = _decided(event.proposed, {role.name for role in found.roles if not role.ready})
    for role in _changed_roles(event):
        document = event.proposed.targets(role)
        if not isinstance(document, Document):
            continue
        missing = _missing_online(event, role, document, decided=decided)
        _expect_allowed(event, role, missing.values())
        for key in missing.values():
            document = _with(document, key, keys)
        if missing:
            yield role, document


def _changed_roles(event: Event) -> tuple[RoleName, ...]:
    differences = event.proposed.files.since(event.known_good.files)
    roles = (role_of_path(change.path) for change in differences)
    return tuple(role for role in roles if role and role not in {ROOT, *ONLINE_ROLES})


def _decided(state: State, undecided: Collection[RoleName]) -> set[RoleName]:
    """Return the roles whose word counts: signed, and delegated to by others whose word counts.

    A stranger can delegate to roles of their own and sign these; nobody who counts has said so.
    """
    children = {ROOT: (TARGETS,), **delegation_graph(state).children}
    found: set[RoleName] = set()
    to_visit = [ROOT]
    while to_visit:
        role = to_visit.pop()
        if role not in found and role not in undecided:
            found.add(role)
            to_visit.extend(children.get(role, ()))
    return found


def _missing_online(
    event: Event, role: RoleName, document: Document[Targets], *, decided: Collection[RoleName]
) -> dict[str, Key]:
    """Return the online keys that should sign the role and did not, by id.

    Delegators that are not `decided` still lack signatures: what they say does not count.
    """
    delegators = delegation_graph(event.proposed).delegators.get(role, ())
    counting = (each for each in delegators if each in decided)
    found = (delegation_of(each, event.proposed.role(each), role) for each in counting)
    tallies = (tally(document, each, LocalKeys()) for each in found if each is not None)
    missing = ((each.delegation.keys, each.missing + each.unverified) for each in tallies)
    return {
        keyid: keys[keyid]
        for keys, keyids in missing
        for keyid in keyids
        if online_uri(keys[keyid])
    }


def _expect_allowed(event: Event, role: RoleName, keys: Iterable[Key]) -> None:
    """Refuse URIs that known good does not name, unless its settings allow them.

    A URI makes us open a file or a device, or use our rights at a service. Where the settings state
    prefixes, review has compared them already.
    """
    if event.settings.review.online_keys is not None:
        return
    known = {online_uri(key) for key in _keys_of(event.known_good)}
    problem = "is not used by main yet; to let events use it, state online-keys in tufline.toml"
    findings = tuple(
        Finding(
            rule="online-uri",
            severity=Severity.ERROR,
            message=f"the online key {online_uri(key)} {problem}",
            role=role,
            path=None,
        )
        for key in keys
        if online_uri(key) not in known
    )
    if findings:
        raise ChangeRefused(event.name, findings)


def _keys_of(state: State) -> Iterator[Key]:
    for role in (ROOT, *delegation_graph(state).children):
        yield from trust_of(state.role(role)).keys.values()


def _with(document: Document[Targets], key: Key, keys: OnlineKeys) -> Document[Targets]:
    """Return the document with the key's signature, once that is verified."""
    signature = keys.sign(key, document.payload)
    if not LocalKeys().verify(key, signature, document.payload):
        name = online_uri(key) or key.keyid
        raise OnlineKeyFailed(name, "signed with another key than the metadata has")
    return parse_document(with_signature(document, signature), Targets)
