"""Facts about keys: who may sign, and who did."""

from dataclasses import dataclass

from tufline.repository.changes._leaves import JsonPath


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """A key and whom it stands for: `@name`, an online key's URI, or nothing but its id."""

    keyid: str
    label: str
    online: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerAdded:
    """A key may now sign the role."""

    role: str
    signer: Signer


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerRemoved:
    """A key may not sign the role any more."""

    role: str
    signer: Signer


@dataclass(frozen=True, kw_only=True, slots=True)
class NoSigners:
    """No key may sign the role, or none yet."""

    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyReplaced:
    """The one removed and the one added key of a role belong to the same person, or are online."""

    role: str
    before: Signer
    after: Signer


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyAdded:
    """A key enters the file. Its public part stays a leaf without words."""

    signer: Signer
    keytype: str
    scheme: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRemoved:
    """A key leaves the file."""

    signer: Signer


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyChanged:
    """Something changes in a key that keeps its id. `field` is the path inside the key."""

    signer: Signer
    field: JsonPath
    before: object
    after: object


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureChanged:
    """A key's signature in the file; "" is an entry that waits for one."""

    signer: Signer
    before: str | None
    after: str | None
