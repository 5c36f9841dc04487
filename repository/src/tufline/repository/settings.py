"""The repository's settings: `tufline.toml` on main. They are read from known good, never an event.

[review]
oldest-root = 3
longest-expiry = { root = 400, "*" = 200 }     # days
online-keys = ["gcpkms:projects/example/"]     # prefixes of signer URIs
emergency-roots = []

[publish]
metadata-dir = "metadata"
staging = "/srv/tuf/staging"
production = "/srv/tuf/production"
url = "https://tuf.example.org/"
visible-within = 120                           # seconds
purge = { method = "PURGE" }

[merge]
at-threshold = false
maintainers = ["@alice"]

[author]
name = "tufline"
email = "tufline@example.com"

[keys]
attestation-vendors = ["vendors.pem"]          # files on main

[online]
meta-hashes = true                             # in entries of snapshot and timestamp
budget = 60                                    # seconds

[[notify.webhook]]
url-variable = "TUFLINE_SLACK_URL"

[watch]
heartbeat-variable = "TUFLINE_HEARTBEAT_URL"

[clients]
use = ["python-tuf", "tuf-js"]

[[validator]]
name = "trusted-root"
paths = ["trusted_root.json"]
use = "sigstore-trusted-root"
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from tufline.repository.cdn import PurgeSettings
from tufline.repository.clients import ClientsSettings
from tufline.repository.errors import UserError
from tufline.repository.format import CONTENT_FOLDERS, SETTINGS_PATH, InvalidOwner, owner
from tufline.repository.history import Author
from tufline.repository.notify import NotifySettings, WatchSettings
from tufline.repository.publish import InvalidMetadataFolder, InvalidPlace, Layout, open_store
from tufline.repository.review import Policy
from tufline.repository.state import State
from tufline.repository.validators import ValidatorSettings

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_LONGEST_EXPIRY: Final = 36_500  # days, as in metadata
_LONGEST_WAIT: Final = 3600  # seconds
_LONGEST_BUDGET: Final = 600  # seconds
_URL: Final = re.compile(r"https?://[!-~]+", re.ASCII)
_NOT_IN_AUTHORS: Final = frozenset("<>")
_STRICT: Final = {
    "strict": True,
    "extra": "forbid",
    "alias_generator": lambda name: name.replace("_", "-"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewSettings:
    """What review goes by. See `Policy`; periods are in days."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

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
class PublishSettings:
    """Where the repository is published, and where clients read it. None: nowhere.

    `visible_within` is in seconds. Without `staging_url` staging is served for the clients' tests.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    metadata_dir: str = "metadata"
    staging: str | None = None
    production: str | None = None
    url: str | None = None
    staging_url: str | None = None
    page: bool = True
    visible_within: int = 120
    purge: PurgeSettings | None = None

    def __post_init__(self) -> None:
        if not all(each is None or _URL.fullmatch(each) for each in (self.url, self.staging_url)):
            raise ValueError("url is where clients read, https://host/path/")
        if not 0 <= self.visible_within <= _LONGEST_WAIT:
            raise ValueError(f"visible-within is 0 seconds or more, {_LONGEST_WAIT} at most")
        if self.purge is not None and self.url is None:
            raise ValueError("purge is of what lies under url, which is missing")
        for place in (self.staging, self.production):
            if place is not None:
                _expect_place(place)
        try:
            Layout(metadata_dir=self.metadata_dir)
        except InvalidMetadataFolder as error:
            raise ValueError(f"metadata-dir: {error.with_hint}") from error


def _expect_place(place: str) -> None:
    """Refuse what is no folder and no bucket: accepted settings must not make later runs fail."""
    if not place:
        raise ValueError("staging and production name folders or buckets, or are left out")
    if not place.isprintable():
        raise ValueError("staging and production hold a character that cannot be shown")
    try:
        open_store(place)
    except InvalidPlace as error:
        raise ValueError(error.with_hint) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeSettings:
    """Who merges a ready event: a job, or the people who are asked to."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

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

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

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

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

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

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    meta_hashes: bool | None = None
    budget: int = 60

    def __post_init__(self) -> None:
        if not 0 <= self.budget <= _LONGEST_BUDGET:
            raise ValueError(f"budget is 0 seconds or more, {_LONGEST_BUDGET} at most")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All of `tufline.toml`. Every field has a default, so the file may be absent."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    review: ReviewSettings = field(default_factory=ReviewSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    merge: MergeSettings = field(default_factory=MergeSettings)
    author: AuthorSettings = field(default_factory=AuthorSettings)
    keys: KeysSettings = field(default_factory=KeysSettings)
    online: OnlineSettings = field(default_factory=OnlineSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    clients: ClientsSettings = field(default_factory=ClientsSettings)
    validator: tuple[ValidatorSettings, ...] = ()

    def __post_init__(self) -> None:
        names = [each.name for each in self.validator]
        if len(set(names)) < len(names):
            raise ValueError("each validator has a name of its own")

    @property
    def policy(self) -> Policy:
        """What review goes by."""
        longest = self.review.longest_expiry
        return Policy(
            oldest_root=self.review.oldest_root,
            longest_expiry={role: timedelta(days=days) for role, days in longest.items()},
            online_uris=self.review.online_keys,
            emergency_roots=frozenset(self.review.emergency_roots),
            online_targets=self.review.online_targets,
            attestation_vendors=self.keys.attestation_vendors,
        )

    @property
    def layout(self) -> Layout:
        """How what is published is laid out."""
        return Layout(metadata_dir=self.publish.metadata_dir)

    @property
    def committer(self) -> Author:
        """In whose name the jobs commit."""
        return Author(name=self.author.name, email=self.author.email)


class InvalidSettings(UserError):
    """`tufline.toml` does not say what it should."""

    hint = f"correct {SETTINGS_PATH} on main; docs/settings.md lists what it may hold"

    def __init__(self, problem: str) -> None:
        super().__init__(f"{SETTINGS_PATH}: {problem}")
        self.problem = problem


def read_settings(known_good: State) -> Settings:
    """Return the settings of a tree; defaults where it has none. Raise `InvalidSettings`."""
    data = known_good.read(SETTINGS_PATH)
    return Settings() if data is None else parse_settings(data)


def parse_settings(data: bytes) -> Settings:
    """Return the settings; raise `InvalidSettings` naming each wrong entry."""
    # pydantic takes a while to import, and most repositories get by with few settings
    from pydantic import ValidationError  # noqa: PLC0415 - see above

    try:
        tree = tomllib.loads(data.decode())
        # as JSON, for pydantic's strict rules know how that writes tuples; dates fit no setting
        return _adapter().validate_json(json.dumps(tree, default=str))
    except ValidationError as error:
        raise InvalidSettings(_problems(error.errors())) from error
    except ValueError as error:  # not UTF-8, not TOML
        raise InvalidSettings(str(error)) from error


@cache
def _adapter() -> "TypeAdapter[Settings]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(Settings)


def _problems(errors: Any) -> str:  # noqa: ANN401 - pydantic's own list of dicts
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in errors)
