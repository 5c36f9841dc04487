"""Options that the signer's commands share. Light to import, since `tufline --help` reads all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tufline.repository.commands import git_dir_option, now_option

Function = TypeVar("Function", bound=Callable[..., Any])

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def common_options(function: Function) -> Function:
    """Add what every command of a signer has: `--yes`, `--git-dir`, `--now`."""
    yes = click.option("-y", "--yes", is_flag=True, help="Answer every question with yes.")
    return now_option(git_dir_option(yes(function)))


def key_option(function: Function) -> Function:
    """Add `--key`."""
    return click.option(
        "--key",
        metavar="URI",
        help="My key, if several could be meant: hsm:2?label=TOKEN, file2:PATH or "
        "sigstore:IDENTITY?issuer=URL.",
    )(function)


def pin_options(function: Function) -> Function:
    """Add `--pin-fd` and `--pin-file`. Without them the PIN is asked for."""
    descriptor = click.option(
        "--pin-fd", type=click.IntRange(min=0), help="Read the PIN from this file descriptor."
    )
    file = click.option(
        "--pin-file", type=EXISTING_FILE, help="Read the PIN from the first line of this file."
    )
    return descriptor(file(function))


def identity_option(function: Function) -> Function:
    """Add `--identity-token-file`. Without it `SIGSTORE_ID_TOKEN`, or a login by browser."""
    return click.option(
        "--identity-token-file",
        "identity_token",
        type=EXISTING_FILE,
        help="For a Sigstore identity: read its token from this file, in place of a login.",
    )(function)


def online_key_options(function: Function) -> Function:
    """Add `--online-key`, `--online-public-key` and `--try/--no-try`."""
    uris = click.option(
        "--online-key",
        "online_keys",
        metavar="URI",
        multiple=True,
        help="An online key that signs, as a signer URI, or sigstore:IDENTITY?issuer=URL. "
        "Repeatable: any of them will do.",
    )
    files = click.option(
        "--online-public-key",
        "online_public_keys",
        type=EXISTING_FILE,
        multiple=True,
        help="Its public key, a PEM file; as many as there are keys, in their order. "
        "Without it the key's service is asked. An identity has none.",
    )
    trial = click.option(
        "--try/--no-try",
        "tried",
        default=True,
        show_default=True,
        help="Let each online key sign a trial first, where it can be reached from here.",
    )
    return uris(files(trial(function)))
