"""Job: sign the roles of a signing event that online keys sign, not people.

It runs where the online keys are, from main's code. Only keys that known good allows are used:
those with the prefixes that its settings name, or else those whose URI it has already. And people
come first: a key is used for a role only where main says so, or where all who say so, from root
down, have the signatures of their thresholds.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from securesystemslib.signer import Key
from tuf.api.metadata import Targets

from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.online_sign._not_signed import NotSigned, held
from tufline.online_sign._run import FailedKey, Run, begin
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
from tufline.repository.identities import verifier_for
from tufline.repository.jobs import (
    ChangeRefused,
    Event,
    commit_proposal,
    load_event,
    proposal,
)
from tufline.repository.jobs.checks.online_keys import known_uris
from tufline.repository.review import (
    Finding,
    KeyVerifier,
    Refused,
    Review,
    Severity,
    tally,
)
from tufline.repository.state import Delegation, State, delegation_graph, delegation_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """What was signed: the roles, and the online keys that failed though others were enough."""

    roles: tuple[RoleName, ...]
    failed_keys: tuple[FailedKey, ...] = ()


def sign_event(history: History, name: str, keys: OnlineKeys, *, now: datetime) -> Signed:
    """Sign what online keys must sign in the event, as one commit.

    Raises `ChangeRefused` if review refuses the event, or if it asks for a key that known good does
    not allow, and `NotSigned` if too few keys work: then nothing is committed.
    """
    history.refresh()
    event, found = sound_event(history, name, now=now)
    return sign_sound(history, event, found, begin(keys, event.settings.online), now=now)


def sound_event(history: History, name: str, *, now: datetime) -> tuple[Event, Review]:
    """Return the event and its review; raise `ChangeRefused` if that refuses it."""
    event = load_event(history, name, verifiers=verifier_for)
    found = event.review(now=now)
    if isinstance(found.verdict, Refused):
        raise ChangeRefused(name, found.verdict.findings)
    return event, found


def sign_sound(history: History, event: Event, found: Review, run: Run, *, now: datetime) -> Signed:
    """Do what `sign_event` does with an event that review does not refuse."""
    files: dict[str, bytes | None] = {}
    signed = []
    for role, document in _unsigned(event, found, run, now):
        files |= role_files(role, document.signed.version, document.data)
        signed.append(role)
    message = f"Sign {', '.join(signed)} with online keys"
    wanted = proposal(event, files, message=message, now=now)
    commit_proposal(history, wanted, author=event.settings.committer, now=now)
    return Signed(roles=tuple(signed), failed_keys=run.failed)


def _unsigned(
    event: Event, found: Review, run: Run, now: datetime
) -> Iterator[tuple[RoleName, Document[Targets]]]:
    """Yield the changed roles that lack signatures of online keys, with these signatures added."""
    decided = _decided(event.proposed, {role.name for role in found.roles if not role.ready})
    verifier = event.verifier
    for role in _changed_roles(event):
        document = event.proposed.targets(role)
        if not isinstance(document, Document):
            continue
        counting = tuple(_counting(event, role, decided))
        missing = _missing_online(document, counting, verifier)
        _expect_allowed(event, role, missing.values())
        signed = _with(document, missing.values(), run, verifier)
        if not all(_can_be_met(signed, each, verifier) for each in counting):
            known = held({role: event.known_good.role(role)})
            raise NotSigned(role, run.failed, held=known, now=now)
        if signed is not document:
            yield role, signed


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


def _counting(event: Event, role: RoleName, decided: Collection[RoleName]) -> Iterator[Delegation]:
    """Yield who says by whom the role is signed, and counts.

    Delegators that are not `decided` still lack signatures: what they say does not count. Targets
    must also do for the root that main has, as long as clients may hold it.
    """
    graph = delegation_graph(event.proposed)
    words = [(each, event.proposed.role(each)) for each in graph.delegators.get(role, ())]
    found = [delegation_of(each, loaded, role) for each, loaded in words if each in decided]
    if role == TARGETS and not _emergency(event):
        found.append(delegation_of(ROOT, event.known_good.root(), role))
    yield from (each for each in found if each is not None)


def _emergency(event: Event) -> bool:
    root = event.proposed.root()
    declared = event.settings.review.emergency_roots
    return isinstance(root, Document) and root.signed.version in declared


def _missing_online(
    document: Document[Targets], counting: Iterable[Delegation], verifier: KeyVerifier
) -> dict[str, Key]:
    """Return the online keys that should sign the role and did not, by id."""
    tallies = (tally(document, each, verifier) for each in counting)
    missing = ((each.delegation.keys, each.missing + each.unverified) for each in tallies)
    return {
        keyid: keys[keyid]
        for keys, keyids in missing
        for keyid in keyids
        if online_uri(keys[keyid])
    }


def _can_be_met(document: Document[Targets], delegation: Delegation, verifier: KeyVerifier) -> bool:
    """Whether people alone can still give what the threshold lacks."""
    counted = tally(document, delegation, verifier)
    lacking = counted.missing + counted.unverified
    people = [keyid for keyid in lacking if not online_uri(delegation.keys[keyid])]
    return counted.met or len(counted.signed) + len(people) >= delegation.threshold


def _expect_allowed(event: Event, role: RoleName, keys: Iterable[Key]) -> None:
    """Refuse URIs that known good does not name, unless its settings allow them.

    A URI makes us open a file or a device, or use our rights at a service. Where the settings state
    prefixes, review has compared them already.
    """
    if event.settings.review.online_keys is not None:
        return
    known = known_uris(event)
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


def _with(
    document: Document[Targets], keys: Iterable[Key], run: Run, verifier: KeyVerifier
) -> Document[Targets]:
    """Return the document with a signature of each of the keys that works."""
    for key in keys:
        with suppress(OnlineKeyFailed):  # the run remembers it; others may be enough
            signature = run.sign(key, document.payload, verifier)
            document = parse_document(with_signature(document, signature), Targets)
    return document
