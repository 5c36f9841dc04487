"""Which commit of our actions goes with this installation. Adapter: asks pip's record, and git."""

import json
import re
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from tufline.repository.errors import UserError
from tufline.repository.history import GitFailed, NoSuchRef, NotARepository, open_history
from tufline.repository.init._options import InvalidPin, Pin, pin
from tufline.repository.project import HOME

_DISTRIBUTION: Final = "tufline-repository"
_RECORD: Final = "direct_url.json"
_RELEASE: Final = re.compile(r"v\d+(\.\d+)*")


class NoPin(UserError):
    """Nothing says which commit of the actions this Tufline is."""

    hint = f"say which: --actions {HOME}@COMMIT, with the full id of a commit that you looked at"

    def __init__(self) -> None:
        super().__init__("this installation does not know which commit of the project it came from")


def installed_pin(distribution: Distribution | None = None) -> Pin:
    """Return the commit that Tufline was installed from (PEP 610); raise `NoPin`.

    That is the commit that pip fetched, or the one checked out in the folder that it took.
    """
    distribution = distribution or Distribution.from_name(_DISTRIBUTION)
    origin = json.loads(distribution.read_text(_RECORD) or "{}")
    if "vcs_info" in origin:
        return _fetched(origin)
    if "dir_info" in origin:
        return _checked_out(Path(unquote(urlsplit(origin["url"]).path)))
    raise NoPin


def _fetched(origin: dict[str, Any]) -> Pin:
    info = origin["vcs_info"]
    repository = urlsplit(origin["url"]).path.strip("/").removesuffix(".git")
    revision = info.get("requested_revision", "")
    version = revision if _RELEASE.fullmatch(revision) else None
    try:
        return pin(f"{repository}@{info['commit_id']}", version)
    except InvalidPin as error:  # such as a folder's path, which no workflow can name
        raise NoPin from error


def _checked_out(folder: Path) -> Pin:
    try:
        with open_history(folder) as history:
            return Pin(repository=HOME, commit=history.resolve("HEAD"))
    except (NotARepository, NoSuchRef, GitFailed) as error:
        raise NoPin from error
