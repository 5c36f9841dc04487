"""What people and machines can read beside the metadata: a page, a status, a calendar, a badge."""

from tufline.repository.site._files import BADGE, CALENDAR, PAGE, STATUS, site_files

__all__ = ["BADGE", "CALENDAR", "PAGE", "STATUS", "site_files"]
