"""Where the token of a Sigstore identity comes from: a file, a variable, or a login by browser."""

import os
import textwrap
from pathlib import Path
from typing import Final

from tufline.repository.commands import spelled
from tufline.repository.errors import UserError
from tufline.repository.identities import TOKEN_VARIABLE, log_in
from tufline.signer.commands._screen import expect_terminal, hint
from tufline.signer.keys import Login, LoginSource

_COLUMNS: Final = 80
_FLAG: Final = f"--identity-token-file, or set {TOKEN_VARIABLE}"


class NoToken(UserError):
    """What should give the token gives none."""

    hint = "its first line must be a token of OpenID Connect for the audience sigstore"

    def __init__(self, file: Path) -> None:
        super().__init__(f"there is no identity token in {file}")


class NoProvider(UserError):
    """The pinned Sigstore names no place where people log in."""

    hint = f"get a token another way, and give {_FLAG}"

    def __init__(self) -> None:
        super().__init__("the signing_config.v0.2.json of main names no provider to log in at")


def login_source(file: Path | None) -> LoginSource:
    """Return what gives tokens: the file, else the variable, else a login at the terminal."""

    def login(wanted: Login) -> str:
        _tell_of_services(wanted)
        if file is not None:
            return _from_file(file)
        given = os.environ.get(TOKEN_VARIABLE, "").strip()
        if given:
            _tell(f"the token in {TOKEN_VARIABLE} says who you are")
            return given
        return _by_browser(wanted)

    return login


def _from_file(file: Path) -> str:
    token = file.read_bytes().partition(b"\n")[0].strip().decode(errors="replace")
    if not token.isascii() or not token:
        raise NoToken(file)
    return token


def _by_browser(wanted: Login) -> str:
    expect_terminal(_FLAG)
    if wanted.provider is None:
        raise NoProvider
    name, issuer = spelled(wanted.identity), spelled(wanted.issuer)
    _tell(f"your browser opens at {spelled(wanted.provider)}: log in as {name} ({issuer})")
    return log_in(wanted.provider)


def _tell_of_services(wanted: Login) -> None:
    """Say what goes online, since the name is public from then on."""
    hosts = " ".join(map(spelled, wanted.hosts))
    name = spelled(wanted.identity)
    _tell(f"signing goes online, to {hosts}; a public log keeps the name {name} for ever")


def _tell(text: str) -> None:
    hint(textwrap.fill(text, width=_COLUMNS, subsequent_indent="  ", break_long_words=False))
