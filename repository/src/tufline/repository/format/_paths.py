"""Where things lie in the git tree, and under which name they are published.

In git: `metadata/<role>.json`, `metadata/root_history/<N>.root.json`,
`metadata/.signing-event-state`, `targets/<artifact>`. Published: `<N>.<role>.json`,
`timestamp.json`, `targets/<folder>/<hash>.<name>` (TUF specification, section 6.2).
"""

import re
from typing import Final
from urllib.parse import quote

from tufline.repository.format._names import TIMESTAMP, InvalidRoleName, RoleName, role_name

METADATA_FOLDER: Final = "metadata"
ROOT_HISTORY_FOLDER: Final = "metadata/root_history"
ARTIFACT_FOLDER: Final = "targets"
CONTENT_FOLDERS: Final = (f"{METADATA_FOLDER}/", f"{ARTIFACT_FOLDER}/")
"""What all paths of metadata and artifacts begin with: what changes by signing events only."""

INVITATIONS_PATH: Final = "metadata/.signing-event-state"
SETTINGS_PATH: Final = "tufline.toml"

_HISTORIC_ROOT = re.compile(r"metadata/root_history/([1-9][0-9]{0,8})\.root\.json")
_METADATA = re.compile(r"metadata/([^/]+)\.json")


def metadata_path(role: RoleName) -> str:
    """Return the path of the role's metadata in git."""
    return f"{METADATA_FOLDER}/{role}.json"


def role_of_path(path: str) -> RoleName | None:
    """Return the role whose metadata lies at `path`, or None if `path` is not such a path."""
    match = _METADATA.fullmatch(path)
    try:
        return role_name(match[1]) if match else None
    except InvalidRoleName:
        return None


def historic_root_path(version: int) -> str:
    """Return the path in git under which root `version` is kept for ever."""
    return f"{ROOT_HISTORY_FOLDER}/{version}.root.json"


def historic_root_version(path: str) -> int | None:
    """Return the version of the historic root at `path`, or None if `path` is not one."""
    match = _HISTORIC_ROOT.fullmatch(path)
    return int(match[1]) if match else None


def artifact_path(artifact: str) -> str:
    """Return the path in git of the artifact (a TUF target path)."""
    return f"{ARTIFACT_FOLDER}/{artifact}"


def artifact_of_path(path: str) -> str | None:
    """Return the artifact (a TUF target path) that lies at `path`, or None if none may."""
    prefix = f"{ARTIFACT_FOLDER}/"
    return path.removeprefix(prefix) if path.startswith(prefix) else None


def published_metadata_name(role: RoleName, version: int) -> str:
    """Return the file name under which clients ask for this version of the role."""
    encoded = quote(role, safe="")
    return f"{encoded}.json" if role == TIMESTAMP else f"{version}.{encoded}.json"


def published_artifact_name(artifact: str, digest: str) -> str:
    """Return the name under which clients ask for an artifact with this digest (hex)."""
    folder, slash, name = artifact.rpartition("/")
    return f"{folder}{slash}{digest}.{name}"
