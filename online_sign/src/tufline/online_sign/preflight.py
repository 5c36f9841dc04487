"""Preflight: can the online keys that an event proposes sign, before people are asked to agree?

Each signs a nonce, and the key in the proposed metadata verifies it. What is signed begins with
words that no metadata begins with, which is canonical JSON and begins with a brace: so whoever
pushes an event can have nothing signed that counts.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from securesystemslib.signer import Key

from tufline.online_sign._keys import OnlineKeyFailed, OnlineKeys
from tufline.online_sign._run import Run, begin
from tufline.repository.forge import CheckVerdict, EventCheck, Task
from tufline.repository.format import SETTINGS_PATH, is_sigstore_key, online_uri
from tufline.repository.identities import PinnedKeys, verifier_for
from tufline.repository.jobs import Event
from tufline.repository.jobs.checks.online_keys import (
    NAME,
    content,
    is_allowed,
    known_uris,
    proposed_keys,
)
from tufline.repository.report import as_markdown, prose
from tufline.repository.review import Review

PREFIX: Final = b"tufline online-keys preflight: this is no TUF metadata\n"
_NONCE_BYTES: Final = 32
_MOST_TRIED: Final = 50
_MOST_SHOWN: Final = 50
_MOST_NAMED: Final = 5
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Works:
    """The key signed, and its signature verifies."""

    name: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The key cannot sign as the event would need it to."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """It could not be seen whether the key works."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


Trial = Works | Broken | Unknown


@dataclass(frozen=True, slots=True)
class OnlineKeysCheck:
    """The check, in a job that holds the online keys (`Checker`)."""

    keys: OnlineKeys
    name: ClassVar[str] = NAME
    task: ClassVar[Task | None] = Task.ONLINE_SIGN

    def content(self, event: Event, found: Review) -> str | None:
        """Return a digest of the proposed online keys; None where these do not change."""
        del found
        return content(event)

    def check(self, event: Event, found: Review, *, now: datetime) -> EventCheck | None:
        """Let each key sign a nonce."""
        del found, now
        return preflight(event, begin(self.keys, event.settings.online))


def preflight(event: Event, run: Run) -> EventCheck | None:
    """Return what the proposed online keys can do; None where the event changes none of them."""
    digest = content(event)
    if digest is None:
        return None
    trials = tuple(_trials(event, run))
    problems = [str(each) for each in trials if not isinstance(each, Works)]
    return EventCheck(
        name=NAME,
        content=digest,
        verdict=_verdict(trials),
        summary=_summary(trials),
        text="\n".join(_lines(problems)),
    )


def _trials(event: Event, run: Run) -> Iterator[Trial]:
    known, verifier = known_uris(event), verifier_for(event.known_good)
    for number, key in enumerate(_newest_first(event, known)):
        name = _clipped(online_uri(key) or key.keyid)
        if number >= _MOST_TRIED:
            yield Unknown(name, f"it was not tried, for there are more than {_MOST_TRIED}")
        elif not is_allowed(event, key, known):
            where = f"online-keys under [review] in {SETTINGS_PATH} on main"
            yield Unknown(name, f"main does not allow its use yet; add a prefix of it to {where}")
        elif is_sigstore_key(key) and verifier.problem:
            yield Unknown(name, f"a Sigstore identity cannot be verified: {verifier.problem}")
        else:
            yield _trial(key, name, run, verifier)


def _newest_first(event: Event, known: Collection[str]) -> list[Key]:
    """Return the proposed keys; of too many, those that main does not use yet come first."""
    keys = proposed_keys(event)
    if len(keys) <= _MOST_TRIED:
        return list(keys)
    return sorted(keys, key=lambda key: online_uri(key) in known)


def _trial(key: Key, name: str, run: Run, verifier: PinnedKeys) -> Trial:
    try:
        run.sign(key, PREFIX + secrets.token_hex(_NONCE_BYTES).encode(), verifier)
    except OnlineKeyFailed as failure:
        kind = Unknown if failure.transient else Broken
        return kind(name, _clipped(failure.reason))
    return Works(name)


def _verdict(trials: Iterable[Trial]) -> CheckVerdict:
    kinds = {type(each) for each in trials}
    if Broken in kinds:
        return CheckVerdict.FAILED
    return CheckVerdict.INCONCLUSIVE if Unknown in kinds else CheckVerdict.PASSED


def _summary(trials: tuple[Trial, ...]) -> str:
    """Say which keys fail, else which could not be tried, on one line."""
    broken = [each.name for each in trials if isinstance(each, Broken)]
    unknown = [each.name for each in trials if isinstance(each, Unknown)]
    if broken:
        return prose(f"cannot be used: {_listed(broken)}").text
    if unknown:
        return prose(f"could not be tried: {_listed(unknown)}").text
    return f"{len(trials)} online key(s) signed and verified"


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"{', '.join(names[:_MOST_NAMED])}{rest}"


def _clipped(text: str) -> str:
    """Return what a job can hand on in a variable, and a comment has room for."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _lines(problems: list[str]) -> Iterator[str]:
    yield from (f"- {as_markdown((prose(each),))}" for each in problems[:_MOST_SHOWN])
    more = len(problems) - _MOST_SHOWN
    if more > 0:
        yield f"- and {more} more"
