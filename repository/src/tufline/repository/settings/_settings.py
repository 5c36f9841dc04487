"""All of `tufline.toml`, read and checked."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from tufline.repository.clients import ClientsSettings
from tufline.repository.errors import UserError
from tufline.repository.format import SETTINGS_PATH
from tufline.repository.history import Author
from tufline.repository.notify import NotifySettings, WatchSettings
from tufline.repository.publish import Layout
from tufline.repository.review import Policy
from tufline.repository.settings._publish import PublishSettings
from tufline.repository.settings._strict import STRICT
from tufline.repository.settings._tables import (
    AuthorSettings,
    KeysSettings,
    MergeSettings,
    OnlineSettings,
    ReviewSettings,
)
from tufline.repository.state import State
from tufline.repository.validators import ValidatorSettings

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All of `tufline.toml`. Every field has a default, so the file may be absent."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

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
