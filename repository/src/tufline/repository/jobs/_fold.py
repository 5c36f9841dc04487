"""Detached signatures of an event: those that count go into the metadata, and all files go.

A file whose content changed meanwhile goes too, and the commit says whose signature that was. What
is neither is an error that people must see, so nothing is decided then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from securesystemslib.signer import Signature
from tuf.api.metadata import Root, Targets

from tufline.repository.edit import role_files, with_signature
from tufline.repository.format import (
    ROOT,
    DetachedSignature,
    Document,
    RoleName,
    metadata_path,
    parse_document,
)
from tufline.repository.jobs._events import Event
from tufline.repository.review import (
    Case,
    Counts,
    Defective,
    Detached,
    RoleCase,
    Voided,
    judge_detached,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Folding:
    """What to commit, by path, and in which words."""

    files: dict[str, bytes | None]
    message: str


def case_of(event: Event, *, now: datetime) -> Case:
    """Return the event as rules see it."""
    return Case(
        base=event.known_good,
        event=event.proposed,
        now=now,
        policy=event.settings.policy,
        lineage=event.lineage,
        verifier=event.verifier,
    )


def folding(event: Event, *, now: datetime) -> Folding | None:
    """Return what becomes of the event's detached signatures; None where it has none to decide."""
    case = case_of(event, now=now)
    judged = dict(judge_detached(case))
    if not judged or any(isinstance(each, Defective) for each in judged.values()):
        return None
    files: dict[str, bytes | None] = dict.fromkeys(judged)
    for each in judged.values():
        if isinstance(each, Counts):
            files |= with_detached(case.role(each.signature.role), each.signature, files)
    lines = (_line(each) for each in judged.values())
    return Folding(files=files, message="\n".join(["Take detached signatures", "", *lines]))


def with_detached(
    role: RoleCase, signature: DetachedSignature, files: dict[str, bytes | None]
) -> dict[str, bytes]:
    """Return the role's files with the signature, which counts; nothing if its key has signed.

    `files` are those of the event that are already made anew.
    """
    document = role.after
    if not isinstance(document, Document) or _has_signed(role, signature.keyid):
        return {}
    data = files.get(metadata_path(role.name)) or document.data
    added = Signature(signature.keyid, signature.sig)
    return role_files(
        role.name, document.signed.version, with_signature(_parsed(role.name, data), added)
    )


def detached_signers(event: Event, *, now: datetime) -> frozenset[tuple[str, str]]:
    """Return in whose names detached signatures lie in the event, as (role, "@name")."""
    judged = judge_detached(case_of(event, now=now))
    return frozenset(_claims(each for _, each in judged))


def _claims(judged: Iterator[Detached]) -> Iterator[tuple[str, str]]:
    for each in judged:
        if isinstance(each, Counts | Voided):
            yield str(each.signature.role), each.holder


def _has_signed(role: RoleCase, keyid: str) -> bool:
    counted = (*role.tallies, *((role.previous,) if role.previous else ()))
    return any(keyid in each.signed for each in counted)


def _line(judged: Detached) -> str:
    match judged:
        case Counts(signature=signature, holder=holder):
            return f"- {holder} signs {signature.role} version {signature.version}"
        case Voided(signature=signature, holder=holder, reason=reason):
            what = f"{signature.role} version {signature.version}"
            return f"- the signature of {what} by {holder} is void, {reason}"
        case _:
            raise AssertionError(judged)  # `folding` decides nothing then


def _parsed(role: RoleName, data: bytes) -> Document[Any]:
    return parse_document(data, Root) if role == ROOT else parse_document(data, Targets)
