"""Where the repository is published: the table `[publish]`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from tufline.repository.cdn import PurgeSettings
from tufline.repository.publish import InvalidMetadataFolder, InvalidPlace, Layout, open_store
from tufline.repository.settings._strict import STRICT

_LONGEST_WAIT: Final = 3600  # seconds
_URL: Final = re.compile(r"https?://[!-~]+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishSettings:
    """Where the repository is published, and where clients read it. None: nowhere.

    `visible_within` is in seconds. Without `staging_url` staging is served for the clients' tests.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

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
