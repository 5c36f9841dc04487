"""What a repository of other tools does not say, and our format must: holders and periods. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from securesystemslib.signer import Key
from tuf.api.metadata import Root, Targets

from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Document,
    InvalidPeriod,
    Periods,
    RoleName,
    key_material,
    key_owner,
    online_uri,
    periods_holder,
    role_periods,
)
from tufline.repository.review import trust_of
from tufline.signer._delegating import PEOPLE_PERIODS, SNAPSHOT_PERIODS, TIMESTAMP_PERIODS
from tufline.signer.importing._errors import CannotImport, Problem
from tufline.signer.importing._interface import Existing

_PEOPLES: Final = frozenset({ROOT, TARGETS})  # whatever signs them, it is no online key
_IN_ROOT: Final = (ROOT, SNAPSHOT, TIMESTAMP)
_DEFAULTS: Final = {SNAPSHOT: SNAPSHOT_PERIODS, TIMESTAMP: TIMESTAMP_PERIODS}


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyQuestion:
    """Whose a key is, or where.

    Attributes:
        kind: its type, "ecdsa" for example.
        roles: what it signs.
        online: whether it must be an online key, since it signs snapshot or timestamp; False: a
            person's, since it signs root or targets; None: either.
    """

    keyid: str
    kind: str
    roles: tuple[str, ...]
    online: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """All that must be answered: keys by id, and periods with what is usual, by role."""

    keys: Mapping[str, KeyQuestion]
    periods: Mapping[RoleName, Periods]


def is_of_our_form(root: Document[Root]) -> bool:
    """Whether the root says all by itself, as tuf-on-ci's does: then nothing is to be imported."""
    held = all(key_owner(key) or online_uri(key) for _, key in _keys((root,)))
    return held and not any(_unstated(dict.fromkeys(_IN_ROOT, root.signed)))


def questions_of(existing: Existing) -> Questions:
    """Return what is to be asked; raise `CannotImport` for keys that nobody could hold."""
    keys: dict[str, Key] = {}
    roles: dict[str, list[str]] = {}
    for name, key in _keys((existing.chain.newest, *existing.targets.values())):
        keys[key.keyid] = key
        roles.setdefault(key.keyid, []).append(name)
    asked = {
        keyid: _question(key, tuple(dict.fromkeys(roles[keyid])))
        for keyid, key in keys.items()
        if not key_owner(key) and not online_uri(key)
    }
    problems = [*_mixed(asked), *_strange(keys.values())]
    if problems:
        raise CannotImport(problems)
    return Questions(keys=asked, periods=dict(_periods(existing)))


def _keys(loaded: Iterable[Document[Root] | Document[Targets]]) -> Iterator[tuple[str, Key]]:
    """Yield the keys that are used, with each role that they sign."""
    for trust in map(trust_of, loaded):
        for name in trust.roles:
            for key in trust.keys_of(name):
                yield name, key


def _question(key: Key, roles: tuple[str, ...]) -> KeyQuestion:
    online = True if ONLINE_ROLES & set(roles) else (False if _PEOPLES & set(roles) else None)
    return KeyQuestion(keyid=key.keyid, kind=key.keytype, roles=roles, online=online)


def _mixed(asked: Mapping[str, KeyQuestion]) -> Iterator[Problem]:
    for question in asked.values():
        if question.online and _PEOPLES & set(question.roles):
            reason = f"signs {', '.join(question.roles)}: people sign root and targets"
            mend = "give snapshot and timestamp a key of their own, with the tools that made it"
            yield Problem(f"key {question.keyid}", reason, mend)


def _strange(keys: Iterable[Key]) -> Iterator[Problem]:
    for key in keys:
        if key_material(key) is None:
            reason = f"cannot be loaded as {key.keytype} with scheme {key.scheme}"
            yield Problem(f"key {key.keyid}", reason, "replace it, with the tools that made it")


def _periods(existing: Existing) -> Iterator[tuple[RoleName, Periods]]:
    signed: dict[RoleName, Root | Targets] = {}
    signed |= dict.fromkeys(_IN_ROOT, existing.chain.newest.signed)
    signed |= {role: document.signed for role, document in existing.targets.items()}
    for role in _unstated(signed):
        yield role, _DEFAULTS.get(role, PEOPLE_PERIODS)


def _unstated(signed: Mapping[RoleName, Root | Targets]) -> Iterator[RoleName]:
    """Yield the roles whose periods are not stated, or not as they should be."""
    for role, each in signed.items():
        try:
            stated = role_periods(periods_holder(role, each))
        except InvalidPeriod:
            stated = None
        if stated is None:
            yield role
