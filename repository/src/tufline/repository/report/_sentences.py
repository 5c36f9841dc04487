"""The words for each fact about a change. Every sentence holds all values that the fact holds."""

from functools import singledispatch

from tufline.repository import changes
from tufline.repository.changes import ABSENT, Listing, Signer
from tufline.repository.format import FIELD_MEANINGS
from tufline.repository.report._text import Sentence, Shown, joined, name, place, value
from tufline.repository.report._words import size


@singledispatch
def sentence(fact: object) -> Sentence:
    """Return the fact in words."""
    raise NotImplementedError(f"no words for {type(fact).__name__}")


def leaf_sentence(leaf: changes.Leaf, *, filled: bool = False) -> Sentence:
    """Return a changed value as it is.

    `filled` says that one side has members there, which are told on their own: the side that has
    no value itself.
    """
    if not filled or ({} not in (leaf.before, leaf.after) and [] not in (leaf.before, leaf.after)):
        return (place(leaf.path), ": ", *_step(leaf.before, leaf.after))
    if leaf.after is ABSENT:
        return (place(leaf.path), ": ", value(leaf.before), " → not empty any more")
    return (place(leaf.path), ": was not empty → ", value(leaf.after))


def _step(before: object, after: object) -> Sentence:
    """Return a change of JSON values. Nothing came before what is new."""
    if before is ABSENT:
        return (value(after),)
    return (value(before), " → ", value(after))


def _numbers(before: object, after: object) -> Sentence:
    """Return a change of values, where None is absent."""
    return _step(*(ABSENT if side is None else side for side in (before, after)))


def _texts(before: str | None, after: str | None) -> Sentence:
    old, new = (value(ABSENT) if side is None else name(side) for side in (before, after))
    return (new,) if before is None else (old, " → ", new)


@sentence.register
def _(_fact: changes.FileRemoved) -> Sentence:
    return ("the file is deleted",)


@sentence.register
def _(fact: changes.CopyOf) -> Sentence:
    return ("the same bytes as ", name(fact.path), ", kept for ever")


@sentence.register
def _(fact: changes.HeaderChanged) -> Sentence:
    return (name(fact.field), ": ", *_numbers(fact.before, fact.after))


@sentence.register
def _(fact: changes.VersionChanged) -> Sentence:
    return ("version: ", *_numbers(fact.before, fact.after))


@sentence.register
def _(fact: changes.ExpiryChanged) -> Sentence:
    return ("valid until: ", *_texts(fact.before, fact.after))


@sentence.register
def _(fact: changes.PeriodChanged) -> Sentence:
    whose = () if fact.role is None else (name(fact.role), ": ")
    meaning = FIELD_MEANINGS[fact.field]
    return (*whose, f"{meaning}: ", *_numbers(fact.before, fact.after))


@sentence.register
def _(fact: changes.ThresholdChanged) -> Sentence:
    change = _numbers(fact.before, fact.after)
    return ("signatures needed for ", name(fact.role), ": ", *change)


@sentence.register
def _(fact: changes.SignerAdded) -> Sentence:
    return (*_signer(fact.signer), " may now sign ", name(fact.role))


@sentence.register
def _(fact: changes.SignerRemoved) -> Sentence:
    return (*_signer(fact.signer), " may no longer sign ", name(fact.role))


@sentence.register
def _(fact: changes.NoSigners) -> Sentence:
    return ("nobody's key may sign ", name(fact.role), ", or not yet")


@sentence.register
def _(fact: changes.KeyReplaced) -> Sentence:
    whose: Sentence = (name(fact.after.label), " signs ", name(fact.role), " with another key: ")
    if fact.after.online:
        whose = ("another online key signs ", name(fact.role), ": ")
        return (*whose, *_signer(fact.before), " → ", *_signer(fact.after))
    return (*whose, name(fact.before.keyid), " → ", name(fact.after.keyid))


@sentence.register
def _(fact: changes.KeyAdded) -> Sentence:
    kind = (name(fact.keytype), " ", name(fact.scheme))
    return ("new key of ", *_signer(fact.signer), ": ", *kind)


@sentence.register
def _(fact: changes.KeyRemoved) -> Sentence:
    return ("no longer there: the key of ", *_signer(fact.signer))


@sentence.register
def _(fact: changes.KeyChanged) -> Sentence:
    where = ("the key of ", *_signer(fact.signer), " has another ", place(fact.field), ": ")
    return (*where, *_step(fact.before, fact.after))


@sentence.register
def _(fact: changes.DelegationAdded) -> Sentence:
    return ("new role: ", name(fact.role))


@sentence.register
def _(fact: changes.DelegationRemoved) -> Sentence:
    return ("role no longer delegated: ", name(fact.role))


@sentence.register
def _(fact: changes.PatternAdded) -> Sentence:
    return (name(fact.role), f" may now list {_kind(hashed=fact.hashed)} ", name(fact.pattern))


@sentence.register
def _(fact: changes.PatternRemoved) -> Sentence:
    kind = _kind(hashed=fact.hashed)
    return (name(fact.role), f" may no longer list {kind} ", name(fact.pattern))


@sentence.register
def _(fact: changes.TerminatingChanged) -> Sentence:
    change = _numbers(fact.before, fact.after)
    return ("the search for artifacts of ", name(fact.role), " ends there: ", *change)


@sentence.register
def _(fact: changes.Reordered) -> Sentence:
    return ("another order in ", place(fact.path), ": ", *joined(map(name, fact.order)))


@sentence.register
def _(fact: changes.ArtifactAdded) -> Sentence:
    return ("new artifact ", name(fact.artifact), ": ", *_listing(fact.listing))


@sentence.register
def _(fact: changes.ArtifactRemoved) -> Sentence:
    return ("artifact no longer listed: ", name(fact.artifact))


@sentence.register
def _(fact: changes.ArtifactChanged) -> Sentence:
    change = (*_listing(fact.before), " → ", *_listing(fact.after))
    return ("other content of artifact ", name(fact.artifact), ": ", *change)


@sentence.register
def _(fact: changes.CustomChanged) -> Sentence:
    where = ("custom data of artifact ", name(fact.artifact), ", ", place(fact.field), ": ")
    return (*where, *_step(fact.before, fact.after))


@sentence.register
def _(fact: changes.EntryChanged) -> Sentence:
    return (name(fact.file), ", ", place(fact.field), ": ", *_step(fact.before, fact.after))


@sentence.register
def _(fact: changes.InvitationOpened) -> Sentence:
    return (name(fact.person), " is invited to sign ", name(fact.role))


@sentence.register
def _(fact: changes.InvitationAccepted) -> Sentence:
    return (name(fact.person), " accepted the invitation to sign ", name(fact.role))


@sentence.register
def _(fact: changes.InvitationWithdrawn) -> Sentence:
    return (name(fact.person), " is no longer invited to sign ", name(fact.role))


@sentence.register
def _(fact: changes.SignatureChanged) -> Sentence:
    who = _signer(fact.signer)
    if fact.after:
        return (*who, " signed: ", name(fact.after))
    if fact.before:
        how = "an empty entry" if fact.after == "" else "no entry"
        return (*who, f" has not signed this version: {how} now")
    return (*who, ": an empty entry" if fact.after == "" else ": no empty entry any more")


@sentence.register
def _(fact: changes.ValueChanged) -> Sentence:
    change = _step(fact.before, fact.after)
    return ("a value unknown to Tufline, ", place(fact.path), ": ", *change)


def _signer(signer: Signer) -> Sentence:
    """Return whom a key stands for; its id follows, as the file may lie about the holder."""
    if signer.label == signer.keyid:
        return ("key ", name(signer.keyid))
    kind = ("the online key ",) if signer.online else ()
    return (*kind, name(signer.label), " (key ", name(signer.keyid), ")")


def _listing(listing: Listing) -> Sentence:
    digests: list[str | Shown] = []
    for algorithm, digest in listing.hashes:
        digests += [", ", name(algorithm), " ", name(digest)]
    return (size(listing.length), *digests)


def _kind(*, hashed: bool) -> str:
    return "artifacts whose path hash starts with" if hashed else "artifacts at"
