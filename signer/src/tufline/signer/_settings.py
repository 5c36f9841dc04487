"""Who I am, and where my clone, my remotes and my keys are.

`.tufline-sign.toml` in the clone's top folder:

    user-name = "@alice"
    pull-remote = "origin"                                  # default: origin
    push-remote = "fork"                                    # default: the pull remote
    pykcs11lib = "/usr/lib/x86_64-linux-gnu/libykcs11.so"   # default: the usual places
    key = "hsm:2?label=YubiKey+PIV+%2315835999"             # default: the one token, PIV slot 9c

    [signing-keys]                                          # where a key of the metadata is
    0123…ef = "hsm:2?label=YubiKey+PIV+%2315835999"

In its place an existing `.tuf-on-ci-sign.ini` is read, with the same entries in the sections
`[settings]` and `[signing-keys]`. The settings name a library that is loaded, so they are never
taken from a commit: see `expect_untracked`.
"""

import configparser
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tufline.repository.errors import Refusal, UserError
from tufline.repository.format import Owner, owner
from tufline.repository.state import Files

SETTINGS_FILE: Final = ".tufline-sign.toml"
OLD_SETTINGS_FILE: Final = ".tuf-on-ci-sign.ini"

_TEXTS: Final = ("user-name", "pull-remote", "push-remote", "pykcs11lib", "key")
SIGNING_KEYS: Final = "signing-keys"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerSettings:
    """What a key holder's machine knows and the repository does not.

    Attributes:
        file: where this was read, to be named in messages.
        module: the PKCS#11 module; None: look in the usual places.
        key: the signer URI of a key that is new to the metadata; None: the one token there is.
        signing_keys: signer URIs of keys that the metadata has, by key id.
    """

    file: Path
    user: Owner
    pull_remote: str = "origin"
    push_remote: str = "origin"
    module: Path | None = None
    key: str | None = None
    signing_keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class NotAClone(UserError):
    """The folder does not lie in a git clone with a work tree."""

    hint = "run the command in your clone of the repository, or name the clone with -C"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.absolute()} is not in a git clone")


class NoSettings(UserError):
    """The clone has no settings file yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"there is no {SETTINGS_FILE} in {folder}")
        self.hint = (
            f'create {folder / SETTINGS_FILE} with one line, user-name = "@your-name"; '
            "docs/settings.md lists what else it may hold"
        )


class InvalidSignerSettings(UserError):
    """The settings file does not say what it should."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
        least = "user-name" if file.suffix == ".ini" else 'user-name = "@your-name", in quotes'
        self.hint = (
            f"it must hold {least}; it may hold {', '.join(_TEXTS[1:])}, and {SIGNING_KEYS} with "
            "a signer URI for each key id"
        )
        self.file = file


class SettingsInCommit(Refusal):
    """Somebody committed a settings file: it could make us load any library."""

    hint = "remove it from the branch, and make the file anew on your machine"

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is part of the commit that is checked out, so it is not used")


def find_clone(path: Path) -> Path:
    """Return the top folder of the clone that `path` lies in; raise `NotAClone`."""
    start = path.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    raise NotAClone(path)


def read_signer_settings(clone: Path) -> SignerSettings:
    """Return the settings of a clone; raise `NoSettings`, `InvalidSignerSettings`."""
    readers: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
        SETTINGS_FILE: tomllib.loads,
        OLD_SETTINGS_FILE: _read_ini,
    }
    # As the folder spells them: a file system that ignores case finds files by other names, too.
    present = {each.name for each in clone.iterdir()}
    for name, read in readers.items():
        if name in present:
            return _read(clone / name, read)
    raise NoSettings(clone)


def read_settings_file(file: Path) -> SignerSettings:
    """Return the settings of one file that the user names; raise `InvalidSignerSettings`."""
    reader = _read_ini if file.suffix == ".ini" else tomllib.loads
    return _read(file, reader)


def expect_untracked(settings: SignerSettings, checked_out: Files) -> None:
    """Raise `SettingsInCommit` if the settings file came with the commit that is checked out."""
    if checked_out.find(settings.file.name) is not None:
        raise SettingsInCommit(settings.file)


def _read(file: Path, read: Callable[[str], Mapping[str, Any]]) -> SignerSettings:
    try:
        entries = dict(read(file.read_text()))
        keys = dict(entries.pop(SIGNING_KEYS, {}))
        _expect_texts(entries, keys)
        user = _user(entries.pop("user-name"))
    except KeyError as error:
        raise InvalidSignerSettings(file, f"no {error.args[0]}") from error
    except (UserError, configparser.Error, ValueError, TypeError) as error:
        raise InvalidSignerSettings(file, " ".join(str(error).split())) from error
    return _settings(file, user, entries, keys)


def _settings(
    file: Path, user: Owner, entries: Mapping[str, str], keys: Mapping[str, str]
) -> SignerSettings:
    pull_remote = entries.get("pull-remote", "origin")
    module = entries.get("pykcs11lib")
    return SignerSettings(
        file=file,
        user=user,
        pull_remote=pull_remote,
        push_remote=entries.get("push-remote", pull_remote),
        module=Path(module) if module else None,
        key=entries.get("key"),
        signing_keys=MappingProxyType({keyid.lower(): uri for keyid, uri in keys.items()}),
    )


def _read_ini(text: str) -> Mapping[str, Any]:
    parser = configparser.ConfigParser(interpolation=None)  # signer URIs hold percent signs
    parser.read_string(text)
    unknown = sorted({*parser.sections()} - {"settings", SIGNING_KEYS})
    if unknown:
        raise ValueError(f"unknown section {', '.join(unknown)}")
    keys = dict(parser[SIGNING_KEYS]) if parser.has_section(SIGNING_KEYS) else {}
    entries = dict(parser["settings"]) if parser.has_section("settings") else {}
    return {**entries, SIGNING_KEYS: keys}


def _expect_texts(entries: Mapping[str, object], keys: Mapping[str, object]) -> None:
    unknown = sorted(set(entries) - set(_TEXTS))
    if unknown:
        raise ValueError(f"unknown entry {', '.join(unknown)}")
    for name, value in (*entries.items(), *keys.items()):
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name} is {value!r}, not a text")


def _user(name: str) -> Owner:
    return owner(name if name.startswith("@") else f"@{name}")
