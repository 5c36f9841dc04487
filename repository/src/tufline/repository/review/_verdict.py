"""The answer of a review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from tufline.repository.format import RoleName
from tufline.repository.review._attestations import Origin
from tufline.repository.review._finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Refused:
    """The change breaks a rule. The findings are its errors."""

    word: ClassVar[str] = "refused"

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The change is sound; it still needs what is named here.

    Attributes:
        missing: who has not signed a role that lacks signatures, or not accepted an invitation.
        needs: findings that somebody will act on, such as metadata that must be updated.
    """

    word: ClassVar[str] = "waiting"

    missing: frozenset[str]
    needs: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """Every threshold is met and nothing is open."""

    word: ClassVar[str] = "ready"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """There is nothing to judge: the event has the content of known good."""

    word: ClassVar[str] = "unchanged"


Verdict: TypeAlias = Refused | Waiting | Ready | Unchanged


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviousRoot:
    """Who signed, counted against the root that clients hold now. Names as in `RoleReview`."""

    threshold: int
    signed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentitySignature:
    """A signature that verified as that of a Sigstore identity: its key's id, and whose it is."""

    keyid: str
    identity: str
    issuer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleReview:
    """One role of the change. People are named `@name`, online keys by their URI.

    Attributes:
        version: None where the metadata cannot be read.
        threshold: None where nobody delegates the role; the highest, where several do.
        missing: whose signature is not there, needed or not.
        invited: who is invited to this role.
        unverified: whose signature is there and does not verify.
        previous: for root and targets, when the root changes: counted against the old root.
        ready: every threshold is met and no invitation blocks the role.
        identities: those of the signatures in `signed` that are of Sigstore identities.
    """

    name: RoleName
    version: int | None
    threshold: int | None
    signed: tuple[str, ...]
    missing: tuple[str, ...]
    invited: tuple[str, ...]
    unverified: tuple[str, ...]
    previous: PreviousRoot | None
    ready: bool
    identities: tuple[IdentitySignature, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What was found, role by role and rule by rule, and the verdict that follows from it.

    `origins` is where new keys of people were made, by key id, as far as anything is known.
    """

    roles: tuple[RoleReview, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid the change."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def accepted(self) -> bool:
        """Whether this may be signed online and published."""
        return isinstance(self.verdict, Ready | Unchanged)
