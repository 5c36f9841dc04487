"""tufline key create: a new key, in a file or on a token; or an identity in place of one."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._options import common_options, pin_options

_TYPES = ("p256", "p384", "ed25519", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87")


@click.command("create")
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Make it in this new file, encrypted with a passphrase.",
)
@click.option(
    "--token",
    is_flag=False,
    flag_value="",
    metavar="[LABEL]",
    help="Make it on this token; without LABEL on the only one.",
)
@click.option(
    "--sigstore",
    metavar="IDENTITY",
    help="Make none: sign with this Sigstore identity, such as you@example.com.",
)
@click.option("--issuer", metavar="URL", help="Who says that I am IDENTITY, for --sigstore.")
@click.option("--slot", default="9c", show_default=True, help="The PIV slot, for --token.")
@click.option("--type", "kind", type=click.Choice(_TYPES), default="p256", show_default=True)
@click.option("--no-passphrase", is_flag=True, help="Do not encrypt the file. Not for real keys.")
@click.option("--set", "set_it", is_flag=True, help="Name it as my key in .tufline-sign.toml.")
@pin_options
@common_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    file: Path | None,
    token: str | None,
    sigstore: str | None,
    issuer: str | None,
    slot: str,
    kind: str,
    no_passphrase: bool,
    set_it: bool,
    pin_fd: int | None,
    pin_file: Path | None,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Make a signing key, and say how to use it. Nothing is ever overwritten.

    The PIN or passphrase is asked for, or read by --pin-file or --pin-fd. A Sigstore identity needs
    no key of its own: with --sigstore this says how to use it.
    """
    from tufline.signer.commands._key_create import Order, create
    from tufline.signer.commands._key_identity import identity_to_use

    del now  # a key has no date
    create(
        Order(
            file=file,
            label=token,
            identity=identity_to_use(sigstore, issuer),
            slot=slot,
            kind=kind,
            encrypted=not no_passphrase,
            set_it=set_it,
            pin_fd=pin_fd,
            pin_file=pin_file,
            yes=yes,
            folder=git_dir,
        )
    )
