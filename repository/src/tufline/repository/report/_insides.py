"""The words for what differs inside of a changed file."""

from collections.abc import Iterator
from functools import singledispatch

from tufline.repository import changes
from tufline.repository.changes import ABSENT, FileChange
from tufline.repository.report._text import Sentence, Shown, joined, name, place, value
from tufline.repository.report._words import moment


def inside_sentences(change: FileChange) -> Iterator[Sentence]:
    """Yield what is inside, in the order of the file."""
    return map(_sentence, change.inside)


@singledispatch
def _sentence(detail: object) -> Sentence:
    raise NotImplementedError(f"no words for {type(detail).__name__}")


@_sentence.register
def _(detail: changes.ValueInside) -> Sentence:
    if detail.before is ABSENT:
        return (place(detail.path), ": ", value(detail.after))
    return (place(detail.path), ": ", value(detail.before), " → ", value(detail.after))


@_sentence.register
def _(detail: changes.LineInside) -> Sentence:
    ended = detail.text.endswith("\n")
    end = "" if ended else " (without a line end)"
    line = value(detail.text.removesuffix("\n"))
    return (f"line {detail.number} {_news(is_new=detail.is_new)}: ", line, end)


@_sentence.register
def _(detail: changes.DecodedInside) -> Sentence:
    where = ("at ", place(detail.path), ", ") if detail.path else ()
    return (*where, *_decoded(detail.what), f", {_news(is_new=detail.is_new)}")


@_sentence.register
def _(_detail: changes.OtherForm) -> Sentence:
    return ("the same JSON, written another way",)


@_sentence.register
def _(detail: changes.NotShown) -> Sentence:
    if detail.more is None:
        return ("too much to be shown here: compare the file itself, by its digest",)
    return (f"and {detail.more} more that are not shown: compare the file itself, by its digest",)


@singledispatch
def _decoded(what: object) -> Sentence:
    raise NotImplementedError(f"no words for {type(what).__name__}")


@_decoded.register
def _(what: changes.Certificate) -> Sentence:
    names = ("certificate of ", value(what.subject), ", issued by ", value(what.issuer))
    valid = f", valid from {moment(what.begins)} until {moment(what.ends)}, "
    return (*names, valid, *_key(what.key, what.sha256))


@_decoded.register
def _(what: changes.PublicKey) -> Sentence:
    return ("public key, ", *_key(what.key, what.sha256))


def _key(kind: str, digest: str) -> tuple[str | Shown, ...]:
    return joined((name(kind), name(f"sha256:{digest}")))


def _news(*, is_new: bool) -> str:
    return "is new" if is_new else "is gone"
