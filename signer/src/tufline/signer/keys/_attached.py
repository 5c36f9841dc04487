"""What is attached to this machine: every key that can be seen without a PIN or a passphrase.

A Sigstore identity that the settings name is shown too; nobody is asked about it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, Key

from tufline.repository.errors import TuflineError
from tufline.repository.format import key_material
from tufline.signer.keys import _files, _identity_uris
from tufline.signer.keys._errors import UNKNOWN, NoToken
from tufline.signer.keys._files import KeyFiles, no_secret
from tufline.signer.keys._plugged_in import PluggedIn, TokenKey, keys_of
from tufline.signer.keys._slots import slot_of
from tufline.signer.keys._tokens import Tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedKey:
    """A key that could sign.

    Attributes:
        key: the public key; None where only a passphrase shows it.
        slot: the PIV slot ("9c"), for tokens that have such.
        number: the PKCS#11 object id.
    """

    uri: str
    key: Key | None
    slot: str | None = None
    number: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """A token, a file, or a Sigstore identity.

    Attributes:
        name: how to name it.
        module: the PKCS#11 module that shows a token; None for a file.
        label: of the token.
        serial: of the token.
        problem: why its keys cannot sign, or cannot be seen, if so.
    """

    name: str
    keys: tuple[AttachedKey, ...] = ()
    module: Path | None = None
    label: str | None = None
    serial: str | None = None
    problem: str | None = None
    attempts_left: str = UNKNOWN


def attached(tokens: Tokens, uris: Iterable[str]) -> Iterator[Attached]:
    """Yield the tokens that are plugged in, then the files and identities of `uris`.

    What does not work is part of the answer. A card that two modules show is shown once.
    """
    yield from _tokens(tokens)
    for uri in dict.fromkeys(uris):
        scheme = uri.partition(":")[0]
        if scheme == _files.SCHEME:
            yield _file(uri)
        elif scheme == _identity_uris.SCHEME:
            yield _identity(uri)
        elif scheme not in SIGNER_FOR_URI_SCHEME:
            yield Attached(name=uri, problem="keys of this kind cannot be used here")


def _tokens(tokens: Tokens) -> Iterator[Attached]:
    seen: set[str | None] = set()
    try:
        for plugged in tokens.plugged_in():
            found, problem = _readable(plugged)
            materials = {key_material(each.key) for each in found}
            if not materials or materials - seen:
                yield _token(plugged, found, problem)
            seen |= materials
    except NoToken as error:  # its hint would be to run this very command
        yield Attached(name="tokens", problem=str(error))
    except TuflineError as error:
        yield Attached(name="tokens", problem=error.with_hint)


def _readable(plugged: PluggedIn) -> tuple[tuple[TokenKey, ...], str | None]:
    try:
        found = keys_of(plugged)
    except TuflineError as error:
        return (), error.with_hint
    if plugged.attempts_left == "none":
        return found, "its PIN is locked"
    return found, None if found else "it has no P-256 or P-384 key"


def _token(plugged: PluggedIn, found: tuple[TokenKey, ...], problem: str | None) -> Attached:
    return Attached(
        name=plugged.name,
        module=plugged.module,
        label=plugged.label,
        serial=plugged.serial,
        problem=problem,
        attempts_left=plugged.attempts_left,
        keys=tuple(
            AttachedKey(uri=each.uri, key=each.key, slot=slot_of(each.number), number=each.number)
            for each in found
        ),
    )


def _file(uri: str) -> Attached:
    name = str(_files.file_of(uri))
    try:
        key = KeyFiles(no_secret).readable(uri)
    except TuflineError as error:
        return Attached(name=name, problem=str(error))
    problem = None if key else "it is encrypted, and there is no public key beside it"
    return Attached(name=name, keys=(AttachedKey(uri=uri, key=key),), problem=problem)


def _identity(uri: str) -> Attached:
    try:
        key = _identity_uris.identity_key(uri)
    except TuflineError as error:
        return Attached(name=uri, problem=str(error))
    missing = find_spec("sigstore") is None
    return Attached(
        name=_identity_uris.in_words(key),
        keys=(AttachedKey(uri=uri, key=key),),
        problem="pip install 'tufline-signer[sigstore]' to sign with it" if missing else None,
    )
