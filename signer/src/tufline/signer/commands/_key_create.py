"""What `tufline key create` does: look whether it can, ask, make the key, say what comes next."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from tufline.repository.commands import spelled
from tufline.signer._remembering import setting
from tufline.signer._settings import (
    NoSettings,
    NotAClone,
    SignerSettings,
    find_clone,
    read_signer_settings,
)
from tufline.signer.commands._key_identity import tell_of_identity
from tufline.signer.commands._key_settings import writable_settings, write_setting
from tufline.signer.commands._pin import pin_source
from tufline.signer.commands._screen import agree, expect_terminal, hint, say
from tufline.signer.keys import (
    TOKEN_KINDS,
    KeyInClone,
    Tokens,
    expect_free,
    make_file,
    make_on_token,
    number_of,
    public_file_of,
)

_PLACES: Final = 3  # where a key can be


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What was asked for on the command line."""

    file: Path | None
    label: str | None
    identity: str | None
    slot: str
    kind: str
    encrypted: bool
    set_it: bool
    pin_fd: int | None
    pin_file: Path | None
    yes: bool
    folder: Path


def create(order: Order) -> None:
    """Make the key; the settings are looked at first, so that no key is made in vain."""
    if [order.file, order.label, order.identity].count(None) != _PLACES - 1:
        raise click.UsageError("give either --file or --token, or --sigstore")
    clone = _clone(order.folder)
    if order.set_it:
        _expect_settable(order, clone)
    uri = _made(order, clone)
    say(f"signer URI: {spelled(uri)}")
    if order.set_it and clone:
        say(f"set as key in {write_setting(clone, uri)}")
    else:
        say(
            f"to use it, put this line into .tufline-sign.toml, before any [table]:\n{setting(uri)}"
        )
    say("then accept an invitation with `tufline sign`, or run `tufline key replace`")


def _made(order: Order, clone: Path | None) -> str:
    if order.identity:
        tell_of_identity(order.identity)
        return order.identity
    return _in_file(order, clone) if order.file else _on_token(order, clone)


def _in_file(order: Order, clone: Path | None) -> str:
    file = Path.absolute(order.file or Path()).resolve()
    if clone and file.is_relative_to(clone):
        raise KeyInClone(file, clone)
    if not order.encrypted:
        hint("warning: without a passphrase whoever reads the file can sign in your name")
    make_file(file, order.kind, _passphrase(order, file) if order.encrypted else None)
    say(f"made a {order.kind} key in {spelled(str(file))}")
    say(f"public key: {spelled(str(public_file_of(file)))}")
    return f"file2:{file}"


def _on_token(order: Order, clone: Path | None) -> str:
    if order.kind not in TOKEN_KINDS:
        raise click.UsageError(f"--type for a token is {' or '.join(TOKEN_KINDS)}")
    number = number_of(order.slot)
    settings = _settings(clone)
    secret = pin_source(pin_fd=order.pin_fd, pin_file=order.pin_file)
    plugged = Tokens(settings.module if settings else None, secret).labelled(order.label or None)
    place = plugged.place(number)
    expect_free(plugged, number)
    agree(f"make a new {order.kind} key in {place}?", yes=order.yes)
    what = "management key" if plugged.yubico else "PIN"
    made = make_on_token(plugged, number, order.kind, secret(f"{what} of {plugged.name}"))
    say(f"made a {order.kind} key in {spelled(place)}")
    return made.uri


def _passphrase(order: Order, file: Path) -> str:
    what = f"passphrase of {file}"
    if order.pin_fd is not None or order.pin_file is not None:
        return pin_source(pin_fd=order.pin_fd, pin_file=order.pin_file)(what)
    expect_terminal("--pin-file, --pin-fd or --no-passphrase")
    again = f"again, {what}"
    return str(click.prompt(what, hide_input=True, confirmation_prompt=again, err=True))


def _expect_settable(order: Order, clone: Path | None) -> None:
    if clone is None:
        raise NotAClone(order.folder)
    before = writable_settings(clone).key
    if before:
        agree(f"the setting key is {before} now; put the new key in its place?", yes=order.yes)


def _settings(clone: Path | None) -> SignerSettings | None:
    """Return the settings, which a key can do without."""
    try:
        return read_signer_settings(clone) if clone else None
    except NoSettings:
        return None


def _clone(folder: Path) -> Path | None:
    try:
        return find_clone(folder)
    except NotAClone:
        return None
