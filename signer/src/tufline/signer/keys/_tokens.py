"""Keys on hardware tokens, by PKCS#11 (version 2.40), through securesystemslib and python-pkcs11.

A PIN is asked for once per token, when it is first needed, and shown to the token once: a wrong
one is never tried again. A key with CKA_ALWAYS_AUTHENTICATE wants its PIN for each signature; where
the module says so before a PIN is given, the person is asked each time, and that is said. ykcs11
does not say so (slot 9c of a YubiKey): there the PIN that was typed is given to the card each time.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from securesystemslib.signer import HSMSigner, Key, Signature

from tufline.repository.errors import TuflineError
from tufline.repository.format import Attestation
from tufline.signer.keys._attestation import read_attestation
from tufline.signer.keys._confirmed import asks_each_time, sign_confirmed
from tufline.signer.keys._errors import (
    LockedPin,
    NoKeyOnToken,
    NoPinSet,
    NoSuchPin,
    NoToken,
    NotTouched,
    SeveralKeys,
    SeveralTokens,
    TokenFailure,
    TokenGone,
    WrongPin,
)
from tufline.signer.keys._file_errors import UnusableKey
from tufline.signer.keys._interface import PinSource
from tufline.signer.keys._modules import VARIABLE, find_modules
from tufline.signer.keys._plugged_in import PluggedIn, TokenKey, in_words, keys_of, tokens_of
from tufline.signer.keys._slots import SIGNATURE, slot_in_words

Tell: TypeAlias = Callable[[str], None]
"""Shows a line to the person: what a token waits for."""

SCHEME: Final = HSMSigner.SCHEME

_YUBIKEY_PIN: Final = range(6, 9)  # bytes


class Tokens:
    """The tokens that are plugged in. A key is named by its URI, `hsm:2?label=…`.

    Args:
        module: the PKCS#11 module of the settings; None: those in the usual folders.
        pin: where PINs come from.
        tell: shows what a token waits for, before it is asked to sign.
    """

    def __init__(
        self, module: Path | None, pin: PinSource, *, tell: Tell = lambda _line: None
    ) -> None:
        self._module = module
        self._pin = pin
        self._tell = tell
        self._pins: dict[str, str] = {}
        self._each_time: dict[str, bool] = {}

    def all_keys(self) -> Iterator[TokenKey]:
        """Yield all keys of all tokens, each module when it is come to; raise `NoToken`."""
        for plugged_in in self.plugged_in():
            yield from keys_of(plugged_in)

    def the_one(self) -> str:
        """Return the URI of the key that is new to the metadata, on the only token.

        It is in slot 9c, or the only one there is. Raise `NoToken`, `SeveralTokens`,
        `NoKeyOnToken`, `SeveralKeys`.
        """
        plugged = self.token(None)
        numbers = [each.number for each in keys_of(plugged)]
        if not numbers:
            raise NoKeyOnToken(plugged.name, slot_in_words(SIGNATURE))
        if SIGNATURE not in numbers and len(numbers) > 1:
            raise SeveralKeys(plugged.name, [slot_in_words(number) for number in numbers])
        return plugged.uri(SIGNATURE if SIGNATURE in numbers else numbers[0])

    def public_key(self, uri: str) -> Key:
        """Return the public key at `uri`; raise `NoKeyOnToken` if it cannot be read without PIN."""
        number, plugged = object_id(uri), self.token(uri)
        for each in keys_of(plugged):
            if each.number == number:
                return each.key
        raise NoKeyOnToken(plugged.name, slot_in_words(number))

    def place(self, uri: str) -> str:
        """Return how to name the key at `uri`: by slot, label and serial number."""
        return self.token(uri).place(object_id(uri))

    def attestation(self, uri: str) -> Attestation | None:
        """Return what the token says of the key at `uri`; None if it says nothing."""
        return read_attestation(self.token(uri), object_id(uri))

    def sign(self, uri: str, key: Key, payload: bytes) -> Signature:
        """Sign with the private key at `uri`, under the id of `key`."""
        number, plugged = object_id(uri), self.token(uri)
        plugged.expect_unlocked()
        with token_failures(plugged, number), _variable(plugged.module):
            try:
                return self._sign(plugged, number, key, payload)
            except ValueError as error:
                raise NoKeyOnToken(plugged.name, slot_in_words(number)) from error

    def plugged_in(self) -> Iterator[PluggedIn]:
        """Yield the tokens of each module; raise `NoToken` if there are none in the end."""
        for group in self._groups():
            yield from group

    def token(self, uri: str | None) -> PluggedIn:
        """Return the token that a URI names, or the only one of the first module that has any."""
        return self.labelled(token_label(uri) if uri else None)

    def labelled(self, label: str | None) -> PluggedIn:
        """Return the token of this name; raise `NoToken`, `SeveralTokens`."""
        for group in self._groups(label):
            found = [each for each in group if label in {None, each.label}]
            if len(found) > 1:
                raise SeveralTokens([each.name for each in found])
            if found:
                return found[0]
        raise NoToken(label)

    def _groups(self, label: str | None = None) -> Iterator[tuple[PluggedIn, ...]]:
        """Yield what each module shows, but not nothing.

        Of several modules one that does not work is passed over, unless nothing else is found.
        """
        modules = find_modules(self._module, os.environ)
        problems: list[TuflineError] = []
        empty = True
        for module in modules:
            try:
                group = tokens_of(module)
            except TuflineError as error:
                problems.append(error)
                continue
            if group:
                empty = False
                yield group
        if empty and len(problems) == len(modules):
            raise problems[0]
        if empty:
            raise NoToken(label)

    def _sign(self, plugged: PluggedIn, number: int, key: Key, payload: bytes) -> Signature:
        place = plugged.place(number)
        if place not in self._each_time:
            self._each_time[place] = asks_each_time(plugged, number)
        if self._each_time[place]:
            self._tell(f"{place} wants its PIN for each signature")
        pin = self._pins.pop(plugged.name, None) or self._asked(plugged)
        if plugged.hardware:
            self._tell(f"signing with {place}: touch it if it blinks")
        signature = self._signed(plugged, number, key, payload, pin)
        if not self._each_time[place]:
            self._pins[plugged.name] = pin  # it was right
        return signature

    def _asked(self, plugged: PluggedIn) -> str:
        """Return what a person gives; ykcs11 says of a PIN that cannot be only that it failed."""
        pin = self._pin(f"PIN of {plugged.name}")
        if plugged.yubico and len(pin.encode()) not in _YUBIKEY_PIN:
            raise NoSuchPin(plugged.name, _YUBIKEY_PIN)
        return pin

    def _signed(
        self, plugged: PluggedIn, number: int, key: Key, payload: bytes, pin: str
    ) -> Signature:
        from pkcs11 import UserNotLoggedIn  # noqa: PLC0415 - only who uses a token needs it

        label = plugged.label or None
        signer = HSMSigner.from_priv_key_uri(plugged.uri(number), key, lambda _: pin)
        signer.token_label = label  # a label may hold what a URI's query would take as its own
        try:
            return signer.sign(payload)
        except UserNotLoggedIn:
            if plugged.yubico:  # ykcs11 took the PIN, so what it says here is: nobody touched
                raise
            self._each_time[plugged.place(number)] = True
            return sign_confirmed(plugged, number, key, payload, pin)


@contextmanager
def token_failures(plugged: PluggedIn, number: int) -> Iterator[None]:
    """Turn what python-pkcs11 raises into errors of ours."""
    import pkcs11  # noqa: PLC0415 - only who uses a token needs the library

    try:
        yield
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        now = _again(plugged)  # a token's flags are read when it is looked up
        now.expect_unlocked()
        raise WrongPin(plugged.name, now.attempts_left) from error
    except pkcs11.PinLocked as error:
        raise LockedPin(plugged.name) from error
    except (pkcs11.PinExpired, pkcs11.UserPinNotInitialized) as error:
        raise NoPinSet(plugged.name) from error
    except (pkcs11.FunctionCancelled, pkcs11.FunctionRejected) as error:
        raise NotTouched(plugged.place(number)) from error
    except (pkcs11.DeviceRemoved, pkcs11.TokenNotPresent) as error:
        raise TokenGone(plugged.name) from error
    except pkcs11.PKCS11Error as error:
        if plugged.yubico and isinstance(error, pkcs11.UserNotLoggedIn):
            raise NotTouched(plugged.place(number)) from error
        raise TokenFailure(plugged.name, in_words(error)) from error


def token_label(uri: str) -> str | None:
    """Return which token a key's URI names, if it names one."""
    return next(iter(parse_qs(urlsplit(uri).query).get("label", [])), None)


def object_id(uri: str) -> int:
    """Return the PKCS#11 object id that a key's URI names; raise `UnusableKey`."""
    number = urlsplit(uri).path or str(SIGNATURE)
    if not number.isdecimal():
        raise UnusableKey(uri, f"{number!r} is not the number of a PKCS#11 object")
    return int(number)


def _again(plugged: PluggedIn) -> PluggedIn:
    same = (each for each in tokens_of(plugged.module) if each.serial == plugged.serial)
    return next((each for each in same if each.label == plugged.label), plugged)


@contextmanager
def _variable(module: Path) -> Iterator[None]:
    """Let securesystemslib use this module, and others again afterwards."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(module)
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
