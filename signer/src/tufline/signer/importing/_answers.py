"""Answers as a TOML file, written for a person to fill in, and read back.

[keys.3f5a…]            # ecdsa, signs root, targets
owner = "@alice"        # or online = "gcpkms:…"

[roles.root]
expiry-period = 365     # days
signing-period = 60
"""

import json
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from tufline.repository.edit import Adoption
from tufline.repository.format import (
    InvalidOwner,
    Owner,
    Periods,
    RoleName,
    is_signer_uri,
    owner,
)
from tufline.signer.importing._asking import KeyQuestion, Questions
from tufline.signer.importing._errors import InvalidAnswers

LARGEST_ANSWERS: Final = 5_000_000
_OWNER: Final = "owner"
_ONLINE: Final = "online"
_EXPIRY: Final = "expiry-period"
_SIGNING: Final = "signing-period"
_HEAD: Final = """\
# What tufline import asks. Fill in each empty text, and give the file with --answers.
# owner: who holds the key, as @name. online: where an online key is, as a signer URI. A key has
# one of them. Periods are days: how long a version is valid, and how long before its end people
# are asked to sign the next.
"""
_NONE: Final[Mapping[Any, Any]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What has been answered so far: holders of keys by id, as text, and periods."""

    holders: Mapping[str, str] = field(default_factory=lambda: _NONE)
    periods: Mapping[RoleName, Periods] = field(default_factory=lambda: _NONE)

    def open_keys(self, questions: Questions) -> tuple[KeyQuestion, ...]:
        """Return the keys that are still to be asked for."""
        return tuple(q for keyid, q in questions.keys.items() if keyid not in self.holders)

    def open_roles(self, questions: Questions) -> tuple[RoleName, ...]:
        """Return the roles whose periods are still to be asked for."""
        return tuple(role for role in questions.periods if role not in self.periods)


def template(questions: Questions) -> str:
    """Return the file that asks all the questions."""
    return "\n".join([_HEAD, *_key_tables(questions), *_role_tables(questions)])


def parse_answers(data: bytes, questions: Questions) -> Answers:
    """Return the answers of a file; an empty text is none. Raise `InvalidAnswers`."""
    try:
        tree = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidAnswers(str(error)) from error
    _expect_known("it", tree, {"keys", "roles"})
    keys, roles = _tables(tree, "keys"), _tables(tree, "roles")
    _expect_known("keys", keys, questions.keys)
    _expect_known("roles", roles, questions.periods)
    holders = {keyid: _holder(keyid, table) for keyid, table in keys.items()}
    return Answers(
        holders={
            keyid: checked_holder(questions.keys[keyid], text)
            for keyid, text in holders.items()
            if text
        },
        periods={RoleName(role): _periods(role, table) for role, table in roles.items()},
    )


def checked_holder(question: KeyQuestion, text: str) -> str:
    """Return who or what holds a key, as `@name` or a signer URI; raise `InvalidAnswers`."""
    name = f"key {question.keyid}"
    if _is_uri(text):
        if question.online is False:
            signs = ", ".join(question.roles)
            raise InvalidAnswers(f"{name} signs {signs}, so a person must hold it, not {text}")
        return text
    if question.online:
        raise InvalidAnswers(f"{name} signs {', '.join(question.roles)} online: {text!r} is no URI")
    try:
        return owner(text if text.startswith("@") else f"@{text}")
    except InvalidOwner as error:
        raise InvalidAnswers(f"{name}: {error}") from error


def adoption_of(answers: Answers) -> Adoption:
    """Return what all the answers come to."""
    uris = {keyid: text for keyid, text in answers.holders.items() if _is_uri(text)}
    people = {k: Owner(text) for k, text in answers.holders.items() if k not in uris}
    return Adoption(owners=people, uris=uris, periods=answers.periods)


def _is_uri(text: str) -> bool:
    return not text.startswith("@") and is_signer_uri(text)


def _key_tables(questions: Questions) -> Iterator[str]:
    for question in questions.keys.values():
        either = '  # or online = "URI"' if question.online is None else ""
        yield f"[keys.{json.dumps(question.keyid)}]"
        yield f"# {ascii(question.kind)[1:-1]}, signs {', '.join(question.roles)}"
        yield f'{_ONLINE if question.online else _OWNER} = ""{either}\n'


def _role_tables(questions: Questions) -> Iterator[str]:
    for role, periods in questions.periods.items():
        yield f"[roles.{json.dumps(role)}]"
        yield f"{_EXPIRY} = {periods.expiry.days}"
        yield f"{_SIGNING} = {periods.signing_or_default.days}\n"


def _tables(tree: Mapping[str, Any], name: str) -> Mapping[str, Mapping[str, Any]]:
    tables = tree.get(name, {})
    if not isinstance(tables, dict):
        raise InvalidAnswers(f"{name} is no table")
    for each, table in tables.items():
        if not isinstance(table, dict):
            raise InvalidAnswers(f"{name}.{each} is no table")
    return tables


def _holder(keyid: str, table: Mapping[str, Any]) -> str:
    _expect_known(f"keys.{keyid}", table, {_OWNER, _ONLINE})
    for name, text in table.items():
        if not isinstance(text, str):
            raise InvalidAnswers(f"keys.{keyid}.{name} is no text")
    given = [text for text in table.values() if text]
    if len(given) > 1:
        raise InvalidAnswers(f"keys.{keyid} has an owner and an online URI; keep one")
    if table.get(_OWNER) and _is_uri(table[_OWNER]):
        raise InvalidAnswers(f"keys.{keyid}.{_OWNER} is no @name; a URI is written as {_ONLINE}")
    return str(given[0]) if given else ""


def _periods(role: str, table: Mapping[str, Any]) -> Periods:
    _expect_known(f"roles.{role}", table, {_EXPIRY, _SIGNING})
    expiry = _days(role, table, _EXPIRY)
    signing = _days(role, table, _SIGNING) if _SIGNING in table else None
    return Periods(expiry=expiry, signing=signing)


def _days(role: str, table: Mapping[str, Any], name: str) -> timedelta:
    days = table.get(name)
    if type(days) is not int or not 0 < days <= 36_500:  # noqa: PLR2004 - a hundred years
        raise InvalidAnswers(f"roles.{role}.{name} is no number of days: {days!r}")
    return timedelta(days=days)


def _expect_known(name: str, table: Mapping[str, Any], known: Container[str]) -> None:
    for each in table:
        if each not in known:
            raise InvalidAnswers(f"{name} has {each!r}, which nothing asks for")
