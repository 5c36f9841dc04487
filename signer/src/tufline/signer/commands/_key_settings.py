"""The setting `key` in `.tufline-sign.toml`, as `tufline key create --set` writes it."""

from pathlib import Path

from tufline.repository.errors import UserError
from tufline.signer._remembering import write_keys
from tufline.signer._settings import SETTINGS_FILE, SignerSettings, read_signer_settings


class CannotSet(UserError):
    """There are no settings of ours to write into; no key was made."""

    hint = "leave out --set, or make .tufline-sign.toml first: docs/settings.md"

    def __init__(self, found: Path) -> None:
        super().__init__(f"the settings are in {found}, which --set does not write")


def writable_settings(clone: Path) -> SignerSettings:
    """Return the settings; raise `NoSettings`, `InvalidSignerSettings`, or `CannotSet`."""
    settings = read_signer_settings(clone)
    if settings.file.name != SETTINGS_FILE:
        raise CannotSet(settings.file)
    return settings


def write_setting(clone: Path, uri: str) -> Path:
    """Set the key, and return the file; raise `NotSet`."""
    file = clone / SETTINGS_FILE
    write_keys(file, key=uri)
    return file
