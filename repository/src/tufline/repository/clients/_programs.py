"""Where the programs of the configured clients are."""

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Final

from tufline.repository.clients._interface import Program
from tufline.repository.clients._settings import ClientsSettings

FOLDER_VARIABLE: Final = "TUFLINE_CLIENTS"
"""Names the folder that `bin/install-clients` installed to; it is looked into before PATH."""

_PACKAGE: Final = __name__.rpartition(".")[0]
_TAKES_TIME: Final = frozenset({"python-tuf", "tuf-js", "go-tuf"})
_NO_FOLDERS: Final = frozenset({"tuftool"})  # tough asks for HASH.folder/name, not folder/HASH.name


def programs_of(settings: ClientsSettings, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """Return the programs of the clients in use, in that order.

    One that is not installed is returned all the same: trying it is inconclusive, and says why.
    """
    return tuple(_program(name, settings, environ) for name in settings.use)


def _program(name: str, settings: ClientsSettings, environ: Mapping[str, str]) -> Program:
    if name in settings.commands:
        return Program(name=name, command=settings.commands[name])
    command = _bundled(name, environ)
    return Program(
        name=name,
        command=command,
        inside=name == "python-tuf",
        takes_time=name in _TAKES_TIME,
        folders=name not in _NO_FOLDERS,
    )


def _bundled(name: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    if name == "python-tuf":
        return _ours("_python_tuf")
    path = _which(name, environ)
    if name == "tuftool" and path:
        return (*_ours("_tuftool"), path)
    return (path or name,)


def _ours(module: str) -> tuple[str, ...]:
    # -P: what lies in the working folder is not imported
    return (sys.executable, "-P", "-m", f"{_PACKAGE}.{module}")


def _which(name: str, environ: Mapping[str, str]) -> str | None:
    folders = (environ.get(FOLDER_VARIABLE, ""), environ.get("PATH", os.defpath))
    found = shutil.which(name, path=os.pathsep.join(each for each in folders if each))
    return os.path.abspath(found) if found else None  # noqa: PTH100 - resolve() follows links
