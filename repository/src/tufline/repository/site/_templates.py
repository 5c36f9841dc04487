"""The templates of this package. All of them escape by themselves."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def templates() -> "Environment":
    """Return the templates, which fail on a name that they do not get."""
    # Jinja2 is slow to import, and most commands do not need it.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - see above

    return Environment(
        loader=PackageLoader("tufline.repository.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
