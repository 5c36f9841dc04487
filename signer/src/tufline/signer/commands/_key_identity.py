"""A Sigstore identity that somebody wants to sign with, in place of a key of their own."""

from importlib.util import find_spec

import click

from tufline.repository.commands import spelled
from tufline.signer.commands._screen import hint, say
from tufline.signer.keys import identity_key, identity_uri, in_words


def identity_to_use(identity: str | None, issuer: str | None) -> str | None:
    """Return the URI of the identity; None where none is named. Raise `NoIdentity`."""
    if identity is None and issuer is None:
        return None
    if identity is None or issuer is None:
        raise click.UsageError("--sigstore IDENTITY and --issuer URL go together")
    return identity_uri(identity, issuer)


def tell_of_identity(uri: str) -> None:
    """Say what such a key is, and what it needs."""
    say(f"{spelled(in_words(identity_key(uri)))}: no key is made or kept")
    hint("each signature goes online, and a public log keeps the identity for ever")
    if find_spec("sigstore") is None:
        hint("to sign, first install: pip install 'tufline-signer[sigstore]'")
