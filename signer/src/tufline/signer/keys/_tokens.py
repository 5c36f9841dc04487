"""Keys on hardware tokens, by PKCS#11 (version 2.40), through securesystemslib and python-pkcs11.

python-pkcs11 is imported when a token is asked for. Attempts are known as far as the token tells:
its flags say "few", "one" or "none", never a number (PKCS#11 CKF_USER_PIN_*).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from securesystemslib.signer import HSMSigner, Key, Signature, Signer

from tufline.signer.keys._errors import (
    LockedPin,
    ModuleNotLoaded,
    NoKeyOnToken,
    NoModule,
    NoToken,
    SeveralTokens,
    TokenFailure,
    UnusableKey,
    WrongPin,
)
from tufline.signer.keys._interface import PinSource

if TYPE_CHECKING:
    from pkcs11 import Token

_VARIABLE: Final = "PYKCS11LIB"  # where securesystemslib looks
_USUAL_PLACES: Final = (
    Path("/usr/lib/x86_64-linux-gnu/libykcs11.so"),
    Path("/usr/lib/aarch64-linux-gnu/libykcs11.so"),
    Path("/usr/lib64/libykcs11.so"),
    Path("/usr/lib/libykcs11.so"),
    Path("/usr/local/lib/libykcs11.so"),
    Path("/usr/local/lib/libykcs11.dylib"),
    Path("/opt/homebrew/lib/libykcs11.dylib"),
)


def find_module(setting: Path | None) -> Path:
    """Return the PKCS#11 module: the variable's, the setting's, or one in a usual place."""
    variable = os.environ.get(_VARIABLE)
    chosen = Path(variable) if variable else setting
    places = (chosen,) if chosen else _USUAL_PLACES
    for place in places:
        if place.exists():
            return place
    raise NoModule(places)


class Tokens:
    """The tokens that are plugged in. A key is named by its URI, `hsm:2?label=…`."""

    def __init__(self, module: Path | None, pin: PinSource) -> None:
        self._module = module
        self._pin = pin

    def uris(self) -> tuple[str, ...]:
        """Return the URI of the key in PIV slot 9c of each token; raise `NoToken` if none."""
        return tuple(_uri(token.label) for token in self._tokens())

    def the_one(self) -> str:
        """Return the URI of the only token; raise `NoToken`, `SeveralTokens`."""
        return _uri(self._token(_uri(None)).label)

    def public_key(self, uri: str) -> Key:
        """Return the public key at `uri`; raise `NoKeyOnToken` if it cannot be read without PIN."""
        number, token = _object_id(uri), self._token(uri)
        with self._failures(token):
            try:
                return HSMSigner.import_(number, token.label or None)[1]
            except ValueError as error:
                raise NoKeyOnToken(_name(token), number) from error

    def sign(self, uri: str, key: Key, payload: bytes) -> Signature:
        """Sign with the private key at `uri`, under the id of `key`."""
        number, token = _object_id(uri), self._token(uri)
        _expect_unlocked(token)
        with self._failures(token):
            try:
                handler = self._handler(token)
                return Signer.from_priv_key_uri(uri, key, handler).sign(payload)
            except ValueError as error:
                raise NoKeyOnToken(_name(token), number) from error

    def _handler(self, token: "Token") -> PinSource:
        return lambda _: self._pin(_name(token))

    def _token(self, uri: str) -> "Token":
        label = token_label(uri)
        found = [token for token in self._tokens() if label in {None, token.label}]
        if not found:
            raise NoToken(label)
        if len(found) > 1:
            raise SeveralTokens([_name(token) for token in found])
        return found[0]

    def _tokens(self) -> "list[Token]":
        import pkcs11  # noqa: PLC0415 - only who uses a token needs the library

        module = find_module(self._module)
        os.environ[_VARIABLE] = str(module)
        try:
            library = pkcs11.lib(str(module))
            found = list(library.get_tokens(token_flags=pkcs11.TokenFlag.TOKEN_INITIALIZED))
        except pkcs11.PKCS11Error as error:
            raise ModuleNotLoaded(module, str(error) or type(error).__name__) from error
        if not found:
            raise NoToken
        return found

    @contextmanager
    def _failures(self, token: "Token") -> Iterator[None]:
        """Turn what python-pkcs11 raises into errors of ours."""
        import pkcs11  # noqa: PLC0415 - only who uses a token needs the library

        try:
            yield
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
            now = self._token(_uri(token.label))  # a token's flags are read when it is looked up
            _expect_unlocked(now)
            raise WrongPin(_name(token), _attempts_left(now)) from error
        except pkcs11.PinLocked as error:
            raise LockedPin(_name(token)) from error
        except pkcs11.PKCS11Error as error:
            raise TokenFailure(_name(token), str(error) or type(error).__name__) from error


def token_label(uri: str) -> str | None:
    """Return which token a key's URI names, if it names one."""
    return next(iter(parse_qs(urlsplit(uri).query).get("label", [])), None)


def _object_id(uri: str) -> int:
    number = urlsplit(uri).path or str(HSMSigner.SCHEME_KEYID)
    if not number.isdecimal():
        raise UnusableKey(uri, f"{number!r} is not the number of a PKCS#11 object")
    return int(number)


def _uri(label: str | None) -> str:
    query = f"?{urlencode({'label': label})}" if label else ""
    return f"{HSMSigner.SCHEME}:{HSMSigner.SCHEME_KEYID}{query}"


def _name(token: "Token") -> str:
    return token.label or f"the token with serial number {token.serial.decode(errors='replace')}"


def _expect_unlocked(token: "Token") -> None:
    from pkcs11 import TokenFlag  # noqa: PLC0415 - only who uses a token needs the library

    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise LockedPin(_name(token))


def _attempts_left(token: "Token") -> str:
    from pkcs11 import TokenFlag  # noqa: PLC0415 - only who uses a token needs the library

    if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
        return "one"
    return "few" if token.flags & TokenFlag.USER_PIN_COUNT_LOW else "unknown"
