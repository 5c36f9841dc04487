"""The page that people read of a repository, and its siblings, as they are published beside it."""

from collections.abc import Mapping
from datetime import datetime

from tufline.repository.history import History
from tufline.repository.jobs._head import Head
from tufline.repository.jobs.status import repository_facts
from tufline.repository.publish import NO_PAGES


def site_pages(
    history: History, head: Head, *, now: datetime, problems: list[str]
) -> Mapping[str, bytes]:
    """Return what to publish beside the metadata, by name; nothing where the settings say so.

    Its time is the day's beginning, or that of the commit where this is later: so a second run on
    the same day changes nothing. No failure here stops a publication, for clients do without pages:
    it is added to `problems`.
    """
    from tufline.repository.site import site_files  # noqa: PLC0415 - loads templates and a calendar

    if not head.settings.publish.page:
        return NO_PAGES
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    signed = history.info(head.commit).when
    try:
        return site_files(repository_facts(history, head, now=max(today, signed)))
    except Exception as error:  # noqa: BLE001 - as above; what people see then is yesterday's page
        problems.append(f"the page could not be made: {type(error).__name__}: {error}")
        return NO_PAGES
