"""Tables of `tufline.toml` that are of no other part, each with what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from tufline.repository.format import CONTENT_FOLDERS, InvalidOwner, owner
from tufline.repository.settings._strict import STRICT

_LONGEST_EXPIRY: Final = 36_500  # days, as in metadata
_LONGEST_BUDGET: Final = 600  # seconds
_NOT_IN_AUTHORS: Final = frozenset("<>")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewSettings:
    """What review goes by. See `Policy`; periods are in days."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    oldest_root: int | None = None
    longest_expiry: dict[str, int] = field(default_factory=dict)
    online_keys: tuple[str, ...] | None = None
    emergency_roots: tuple[int, ...] = ()
    online_targets: bool = False

    def __post_init__(self) -> None:
        if self.oldest_root is not None and self.oldest_root < 1:
            raise ValueError("oldest-root is 1 or more")
        if any(not 1 <= days <= _LONGEST_EXPIRY for days in self.longest_expiry.values()):
            raise ValueError(f"longest-expiry is 1 day or more, {_LONGEST_EXPIRY} at most")


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeSettings:
    """Who merges a ready event: a job, or the people who are asked to."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    at_threshold: bool = False
    maintainers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            for name in self.maintainers:
                owner(name)
        except InvalidOwner as error:
            raise ValueError(f"maintainers: {error.with_hint}") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorSettings:
    """In whose name the jobs commit."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    name: str = "tufline"
    email: str = "tufline@localhost"

    def __post_init__(self) -> None:
        # Accepted settings count for all later runs, so they must never make these fail.
        text = self.name + self.email
        if not text.isprintable() or not _NOT_IN_AUTHORS.isdisjoint(text):
            raise ValueError("name and email are one line each, without < and >")
        if not any(char.isalnum() for char in self.name):
            raise ValueError("name has no letter")


@dataclass(frozen=True, kw_only=True, slots=True)
class KeysSettings:
    """What is asked of people's keys.

    `attestation_vendors` are files of PEM certificates: whoever they name is trusted to vouch for
    devices. Events cannot change them, so they lie apart from metadata and artifacts.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    attestation_vendors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for path in self.attestation_vendors:
            plain = path.isprintable() and not {"", ".", ".."} & set(path.split("/"))
            if not plain or f"{path.casefold()}/".startswith(CONTENT_FOLDERS):
                raise ValueError(
                    "attestation-vendors are paths from the top of main, like vendors.pem, and not "
                    "below metadata/ or targets/"
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlineSettings:
    """How snapshot and timestamp are signed.

    Attributes:
        meta_hashes: whether their entries state length and hashes; None: as the last ones do.
        budget: how long, in seconds, a run tries keys again that do not answer.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    meta_hashes: bool | None = None
    budget: int = 60

    def __post_init__(self) -> None:
        if not 0 <= self.budget <= _LONGEST_BUDGET:
            raise ValueError(f"budget is 0 seconds or more, {_LONGEST_BUDGET} at most")
