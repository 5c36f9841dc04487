"""Accepting invitations and signing: decide on the event as it is, then push; again after a race.

A signature outlives a race. If somebody else's commit came first, it is put into the event as it is
then, provided that what was signed is still there to the byte.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from securesystemslib.signer import Key, Signature
from tuf.api.metadata import Root, Targets

from tufline.repository.edit import accept, role_files, with_signature
from tufline.repository.format import (
    ROOT,
    AnySigned,
    Attestation,
    Document,
    Owner,
    RoleName,
    parse_document,
)
from tufline.repository.history import Commit, History, Moved
from tufline.repository.jobs import (
    Event,
    Proposal,
    commit_proposal,
    draft_proposal,
    load_event,
    proposal,
)
from tufline.signer._asked import Unsigned
from tufline.signer._errors import ContentChanged
from tufline.signer.keys import KeyNotFound, Keys, NoSuchKeyFile, NoToken

_ATTEMPTS: Final = 5  # each lost race means that somebody else got something done


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedRole:
    """Signatures over one payload of one role, each verified with its key."""

    role: RoleName
    payload: bytes
    signatures: tuple[Signature, ...]


def keys_at_hand(keys: Keys, wanted: Sequence[Unsigned]) -> Mapping[str, str]:
    """Return where those of the wanted keys are that can sign now, by key id.

    Somebody who replaced a key may no longer have the old one, so one key is enough; if none is at
    hand, the first one's error is raised.
    """
    places: dict[str, str] = {}
    problems: list[KeyNotFound | NoSuchKeyFile | NoToken] = []
    for key in {key.keyid: key for each in wanted for key in each.keys}.values():
        try:
            places[key.keyid] = keys.find(key)
        except (KeyNotFound, NoSuchKeyFile, NoToken) as error:
            problems.append(error)
    if problems and not places:
        raise problems[0]
    return places


def sign_roles(
    keys: Keys, wanted: Sequence[Unsigned], at_hand: Mapping[str, str]
) -> list[SignedRole]:
    """Sign each role with the keys that are at hand. Nothing leaves this machine."""
    return [
        SignedRole(
            role=each.role,
            payload=each.payload,
            signatures=tuple(
                keys.sign(key, each.payload) for key in each.keys if key.keyid in at_hand
            ),
        )
        for each in wanted
        if any(key.keyid in at_hand for key in each.keys)
    ]


def push_signatures(
    history: History, event: str, person: Owner, signed: Sequence[SignedRole], *, now: datetime
) -> Commit:
    """Commit the signatures to the event's branch, all at once.

    Raises `ContentChanged` if something else would be signed now, `ChangeRefused` if review
    forbids the outcome; nothing is pushed then.
    """
    message = f"Sign {', '.join(each.role for each in signed)} as {person}"

    def decide() -> Proposal:
        current = load_event(history, event)
        return proposal(current, _with_signatures(current, signed), message=message, now=now)

    return _push(history, decide, now=now)


def draft_acceptance(
    event: Event,
    person: Owner,
    key: Key,
    *,
    now: datetime,
    attestation: Attestation | None = None,
) -> Proposal:
    """Return how the person accepts the event's invitations with `key`, and its attestation."""
    return draft_proposal(
        event,
        lambda draft: accept(draft, person, key, attestation=attestation),
        message=f"Accept the invitation of {person}",
        now=now,
    )


def push_acceptance(
    history: History,
    event: str,
    person: Owner,
    key: Key,
    *,
    now: datetime,
    attestation: Attestation | None = None,
) -> Commit:
    """Accept the person's invitations to the event with `key`, and what its token says of it."""

    def decide() -> Proposal:
        current = load_event(history, event)
        return draft_acceptance(current, person, key, now=now, attestation=attestation)

    return _push(history, decide, now=now)


def _push(history: History, decide: Callable[[], Proposal], *, now: datetime) -> Commit:
    """Commit what `decide` says; after a lost race decide anew, a few times."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return commit_proposal(history, decide(), author=None, now=now)
        except Moved:
            history.refresh()
    return commit_proposal(history, decide(), author=None, now=now)


def _with_signatures(event: Event, signed: Sequence[SignedRole]) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    changed = []
    for each in signed:
        current = event.proposed.role(each.role)
        if isinstance(current, Document) and current.payload == each.payload:
            files |= _signed_files(each, current.data, current.signed.version)
        else:
            changed.append(each.role)
    if changed:
        raise ContentChanged(event.name, changed)
    return {path: data for path, data in files.items() if data != event.proposed.read(path)}


def _signed_files(signed: SignedRole, data: bytes, version: int) -> Mapping[str, bytes]:
    if signed.role == ROOT:
        data = _signed(data, Root, signed.signatures)
    else:
        data = _signed(data, Targets, signed.signatures)
    return role_files(signed.role, version, data)


def _signed(data: bytes, kind: type[AnySigned], signatures: Sequence[Signature]) -> bytes:
    for signature in signatures:
        data = with_signature(parse_document(data, kind), signature)
    return data
