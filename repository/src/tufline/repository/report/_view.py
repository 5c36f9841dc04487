"""What a report shows, in order, before any medium. The templates only lay it out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tufline.repository.changes import (
    Changes,
    Fact,
    FileChange,
    KeyAdded,
    MetadataChange,
    Reordered,
    SignatureChanged,
)
from tufline.repository.project import RULES
from tufline.repository.report import _words as words
from tufline.repository.report._identities import (
    Verified,
    signature_sentence,
    verified_identities,
    without_bundles,
)
from tufline.repository.report._insides import inside_sentences
from tufline.repository.report._origins import origin_sentence
from tufline.repository.report._sentences import leaf_sentence, sentence
from tufline.repository.report._text import Link, Sentence, Shown, name, prose
from tufline.repository.review import Finding, Origin, Review, RoleReview, Severity

_RULE: Final = re.compile(r"[a-z]+(-[a-z]+)*")


class Mark(StrEnum):
    """How a person stands to a role."""

    SIGNED = "x"
    MISSING = " "
    UNVERIFIED = "!"
    INVITED = "?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of a checklist."""

    mark: Mark
    text: Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """Who signed a role and who did not, one line per person."""

    heading: Sentence
    ready: bool
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Sentences about one file."""

    heading: Sentence
    lines: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One finding."""

    severity: str
    is_error: bool
    heading: Sentence
    message: Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A whole report."""

    title: Sentence
    verdict: str
    headline: str
    explanation: tuple[Sentence, ...]
    changes: tuple[Group, ...]
    contents: tuple[Group, ...]
    checklists: tuple[Checklist, ...]
    findings: tuple[Remark, ...]
    values: tuple[Group, ...]
    values_heading: str
    signatures: tuple[Group, ...]


def view(review: Review, changes: Changes, *, title: str | None, verbose: bool) -> View:
    """Return what to show. `verbose` shows also those raw values that a sentence explains."""
    verified = verified_identities(review)
    changes = without_bundles(changes, verified)
    return View(
        title=() if title is None else (name(title),),
        verdict=review.verdict.word,
        headline=words.headline(review.verdict),
        explanation=words.explanation(review),
        changes=tuple(_changes(changes, review.origins)),
        contents=tuple(_contents(changes)),
        checklists=tuple(each for role in review.roles for each in _checklists(role)),
        findings=tuple(_remark(each) for each in _errors_first(review)),
        values=tuple(_values(changes, verbose=verbose)),
        values_heading=words.ALL_VALUES if verbose else words.VALUES,
        signatures=tuple(_signatures(changes, verified)),
    )


def _changes(changes: Changes, origins: Mapping[str, Origin]) -> Iterator[Group]:
    for change in changes.metadata:
        told = (fact for fact in change.facts if not _is_signature(fact))
        facts = (each for fact in told for each in (sentence(fact), *_origin(fact, origins)))
        lines = (*facts, *_as_a_whole(change))
        yield Group(heading=_heading(change), lines=lines or (("only signatures",),))
    if changes.files:
        lines = tuple(_file(change) for change in changes.files)
        yield Group(heading=("Files",), lines=lines)


def _origin(fact: Fact, origins: Mapping[str, Origin]) -> Iterator[Sentence]:
    """Yield where a new key was made, if anything is known."""
    if isinstance(fact, KeyAdded) and fact.signer.keyid in origins:
        yield origin_sentence(fact.signer.label, origins[fact.signer.keyid])


def _heading(change: MetadataChange) -> Sentence:
    if change.role is None:
        return ("Invitations (", name(change.path), ")")
    news = ", a new file" if change.before is None else ""
    return ("Role ", name(change.role), " (", name(change.path), f"{news})")


def _as_a_whole(change: MetadataChange) -> Iterator[Sentence]:
    """Show the file by size and digest where its leaves do not tell all."""
    if change.unread:
        yield ("this is not metadata that can be shown, ", prose(change.unread))
    elif change.leaves and not _is_another_kind(change):
        return
    before, after = words.content_words(change.before), words.content_words(change.after)
    yield (*before, " → ", *after)


def _is_another_kind(change: MetadataChange) -> bool:
    """Whether the file is, or was, no plain file."""
    sides = (change.before, change.after)
    return any(side is not None and side.kind != "file" for side in sides)


def _file(change: FileChange) -> Sentence:
    before, after = words.content_words(change.before), words.content_words(change.after)
    if change.before is None:
        return (name(change.path), " is new: ", *after)
    if change.after is None:
        return (name(change.path), " is deleted")
    return (name(change.path), " changed: ", *before, " → ", *after)


def _contents(changes: Changes) -> Iterator[Group]:
    for change in changes.files:
        lines = tuple(inside_sentences(change))
        if lines:
            yield Group(heading=(name(change.path),), lines=lines)


def _values(changes: Changes, *, verbose: bool) -> Iterator[Group]:
    for change in changes.metadata:
        shown = (leaf for leaf in change.leaves if verbose or not leaf.explained)
        inner = {leaf.path[:depth] for leaf in change.leaves for depth in range(len(leaf.path))}
        lines = tuple(leaf_sentence(leaf, filled=leaf.path in inner) for leaf in shown)
        if lines:
            yield Group(heading=(name(change.path),), lines=lines)


def _signatures(changes: Changes, verified: Verified) -> Iterator[Group]:
    for change in changes.metadata:
        facts = (fact for fact in change.facts if _is_signature(fact))
        lines = tuple(signature_sentence(fact, change.role, verified) for fact in facts)
        if lines:
            yield Group(heading=(name(change.path),), lines=lines)


def _is_signature(fact: Fact) -> bool:
    match fact:
        case SignatureChanged() | Reordered(path=("signatures", *_)):
            return True
        case _:
            return False


def _checklists(role: RoleReview) -> Iterator[Checklist]:
    signed = [Check(mark=Mark.SIGNED, text=(name(who), " signed")) for who in role.signed]
    checks = (*signed, *_missing(role), *_invited(role))
    yield Checklist(heading=words.role_heading(role), ready=role.ready, checks=checks)
    if role.previous is not None:
        counted = role.previous
        lacks = len(counted.signed) < counted.threshold
        had = [Check(mark=Mark.SIGNED, text=(name(who), " signed")) for who in counted.signed]
        lack = [
            Check(mark=Mark.MISSING, text=_has_not(who, needed=lacks)) for who in counted.missing
        ]
        yield Checklist(
            heading=words.previous_heading(role.name, counted),
            ready=not lacks,
            checks=(*had, *lack),
        )


def _missing(role: RoleReview) -> Iterator[Check]:
    for who in role.missing:
        if who in role.unverified:
            text = ("the signature of ", name(who), " does not verify")
            yield Check(mark=Mark.UNVERIFIED, text=text)
        else:
            yield Check(mark=Mark.MISSING, text=_has_not(who, needed=not role.ready))


def _invited(role: RoleReview) -> Iterator[Check]:
    for who in role.invited:
        text = (name(who), " is invited, and has not accepted yet")
        yield Check(mark=Mark.INVITED, text=text)


def _has_not(who: str, *, needed: bool) -> Sentence:
    return (name(who), " has not signed" if needed else " has not signed; enough others have")


def _remark(finding: Finding) -> Remark:
    heading: Sentence = (_rule(finding.rule),)
    if finding.role is not None:
        heading = (*heading, ", role ", name(finding.role))
    if finding.path is not None:
        heading = (*heading, ", file ", name(finding.path))
    if finding.consent:
        heading = (*heading, ", needs a yes of its own")
    return Remark(
        severity=words.SEVERITIES[finding.severity],
        is_error=finding.severity is Severity.ERROR,
        heading=heading,
        message=(prose(finding.message),),
    )


def _rule(rule: str) -> Shown:
    return Link(rule, f"{RULES}#{rule}") if _RULE.fullmatch(rule) else name(rule)


def _errors_first(review: Review) -> Iterator[Finding]:
    yield from review.errors
    yield from (each for each in review.findings if each.severity is not Severity.ERROR)
