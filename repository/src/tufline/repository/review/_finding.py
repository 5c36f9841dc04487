"""What a rule says, and how a rule is written.

A rule is one module of `rules` with one constant:

    RULE = RoleRule("version", check)

and one function, a generator of remarks about one role (`RoleRule`) or about the whole change
(`RepositoryRule`). The id is the module's name with dashes; `docs/rules.md` has a section of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from tufline.repository.format import RoleName

if TYPE_CHECKING:
    from tufline.repository.review._case import Case, RoleCase


class Severity(StrEnum):
    """Whether a finding forbids the change."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What a rule says. `waits` marks what the change still needs before it can be ready."""

    severity: Severity
    message: str
    role: RoleName | None = None
    path: str | None = None
    waits: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A remark with the id of the rule that made it.

    `consent` marks what gives somebody more power: a signer must say yes to it by itself.
    """

    rule: str
    severity: Severity
    message: str
    role: RoleName | None
    path: str | None
    consent: bool = False
    waits: bool = False

    def __str__(self) -> str:
        place = self.path or self.role
        return f"{self.rule}: {place}: {self.message}" if place else f"{self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A rule about one role of the change."""

    id: str
    check: Callable[["RoleCase"], Iterator[Remark]]
    consent: bool = False


@dataclass(frozen=True, slots=True)
class RepositoryRule:
    """A rule about the change as a whole."""

    id: str
    check: Callable[["Case"], Iterator[Remark]]
    consent: bool = False


Rule: TypeAlias = RoleRule | RepositoryRule


def error(message: str, *, role: RoleName | None = None, path: str | None = None) -> Remark:
    """Return a remark that forbids the change."""
    return Remark(severity=Severity.ERROR, message=message, role=role, path=path)


def notice(message: str, *, role: RoleName | None = None, path: str | None = None) -> Remark:
    """Return a remark that people should know of."""
    return Remark(severity=Severity.NOTICE, message=message, role=role, path=path)


def defect(
    message: str, *, known: bool, role: RoleName | None = None, path: str | None = None
) -> Remark:
    """Return an error, or a notice where known good has the same defect: the change is judged."""
    severity = Severity.NOTICE if known else Severity.ERROR
    return Remark(severity=severity, message=message, role=role, path=path)


def waiting(message: str, *, role: RoleName | None = None, path: str | None = None) -> Remark:
    """Return a remark on something that the change still needs, and that somebody will do."""
    return Remark(severity=Severity.NOTICE, message=message, role=role, path=path, waits=True)
