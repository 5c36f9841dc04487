"""What a change of metadata means, one type per meaning. `report` has the words.

Facts hold what the files say, unchecked: names and values are anybody's text. A `before` or an
`after` of None means that the file has no such thing.
"""

from dataclasses import dataclass
from typing import TypeAlias

from tufline.repository.changes._key_facts import (
    KeyAdded,
    KeyChanged,
    KeyRemoved,
    KeyReplaced,
    NoSigners,
    SignatureChanged,
    SignerAdded,
    SignerRemoved,
)
from tufline.repository.changes._leaves import JsonPath


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRemoved:
    """The whole file is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyOf:
    """The file is a byte-identical copy of another changed file, whose facts are not repeated."""

    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What targets metadata says of an artifact's bytes: length in bytes, digests by algorithm."""

    length: int
    hashes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderChanged:
    """A simple field of the file's head: `_type`, `spec_version` or `consistent_snapshot`."""

    field: str
    before: str | bool | None
    after: str | bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionChanged:
    """`version` of the metadata."""

    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpiryChanged:
    """`expires`, as the file writes it."""

    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodChanged:
    """A period in days; `field` is a key of `FIELD_MEANINGS`. `role`: None is the file's own."""

    role: str | None
    field: str
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ThresholdChanged:
    """How many signatures a role needs."""

    role: str
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DelegationAdded:
    """A role is delegated. Its threshold, signers and patterns are facts of their own."""

    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DelegationRemoved:
    """A role is no longer delegated."""

    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PatternAdded:
    """A delegated role may list more artifacts: a path pattern, or a prefix of path hashes."""

    role: str
    pattern: str
    hashed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PatternRemoved:
    """A delegated role may list fewer artifacts."""

    role: str
    pattern: str
    hashed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TerminatingChanged:
    """Whether the search for the role's artifacts ends with it."""

    role: str
    before: bool | None
    after: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reordered:
    """The order of a list changes, or something is put in elsewhere than at its end."""

    path: JsonPath
    order: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArtifactAdded:
    """The role lists an artifact that it did not list."""

    artifact: str
    listing: Listing


@dataclass(frozen=True, kw_only=True, slots=True)
class ArtifactRemoved:
    """The role no longer lists the artifact."""

    artifact: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArtifactChanged:
    """The role lists other bytes under the artifact's name."""

    artifact: str
    before: Listing
    after: Listing


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomChanged:
    """A value of an artifact's custom data changes. `field` is the path inside of it."""

    artifact: str
    field: JsonPath
    before: object
    after: object


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryChanged:
    """A value of a file's entry in snapshot or timestamp. `field` is the path inside of it."""

    file: str
    field: JsonPath
    before: object
    after: object


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationOpened:
    """A person is invited to sign a role."""

    person: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationAccepted:
    """An invitation is gone, and the person's key is now among the role's."""

    person: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationWithdrawn:
    """An invitation is gone, and no key of the person came instead."""

    person: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueChanged:
    """A value in a field that we do not know. `path` names members of lists where they have names.

    Such as ("signed", "delegations", "roles", "npm", "x-field").
    """

    path: JsonPath
    before: object
    after: object


Fact: TypeAlias = (
    FileRemoved
    | CopyOf
    | HeaderChanged
    | VersionChanged
    | ExpiryChanged
    | PeriodChanged
    | ThresholdChanged
    | SignerAdded
    | SignerRemoved
    | NoSigners
    | KeyReplaced
    | KeyAdded
    | KeyRemoved
    | KeyChanged
    | DelegationAdded
    | DelegationRemoved
    | PatternAdded
    | PatternRemoved
    | TerminatingChanged
    | Reordered
    | ArtifactAdded
    | ArtifactRemoved
    | ArtifactChanged
    | CustomChanged
    | EntryChanged
    | InvitationOpened
    | InvitationAccepted
    | InvitationWithdrawn
    | SignatureChanged
    | ValueChanged
)
