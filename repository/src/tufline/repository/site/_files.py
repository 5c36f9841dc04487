"""The files that are published beside the metadata, from facts alone."""

from collections.abc import Mapping
from typing import Final

from tufline.repository.site._badge import badge
from tufline.repository.site._calendar import calendar
from tufline.repository.site._page import page
from tufline.repository.site._status import status
from tufline.repository.status import RepositoryFacts

# None of these can be the name of metadata, which is `<N>.<role>.json` or `timestamp.json`.
PAGE: Final = "index.html"
STATUS: Final = "status.json"
CALENDAR: Final = "calendar.ics"
BADGE: Final = "badge.svg"


def site_files(facts: RepositoryFacts) -> Mapping[str, bytes]:
    """Return the files by name. Equal facts give equal bytes; links between them are relative."""
    return {
        PAGE: page(facts),
        STATUS: status(facts),
        CALENDAR: calendar(facts),
        BADGE: badge(facts),
    }
