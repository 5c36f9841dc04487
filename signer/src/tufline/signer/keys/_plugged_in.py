"""A token as a module shows it, and the public keys on it. Reads; needs no PIN.

python-pkcs11 is imported when a token is asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from securesystemslib.signer import HSMSigner, SSlibKey

from tufline.signer.keys._errors import (
    UNKNOWN,
    LockedPin,
    ModuleFailure,
    ModuleNotLoaded,
    TokenFailure,
)
from tufline.signer.keys._slots import slot_in_words, slot_of

if TYPE_CHECKING:
    import pkcs11

_YUBICO: Final = "Yubico"
_YUBIKEY: Final = re.compile(r"YubiKey .*#\d+$")  # the label that says the serial number already
_CURVES: Final = ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384")


@dataclass(frozen=True, kw_only=True, slots=True)
class PluggedIn:
    """A token that is plugged in.

    Attributes:
        module: the PKCS#11 module that shows it.
        yubico: whether that module is ykcs11, which tells more of a YubiKey than PKCS#11 has
            words for.
    """

    module: Path
    token: "pkcs11.Token"
    yubico: bool

    @property
    def label(self) -> str:
        """The token's own name, perhaps empty."""
        return self.token.label

    @property
    def serial(self) -> str:
        """The serial number, perhaps empty."""
        return self.token.serial.decode(errors="replace").strip()

    @property
    def name(self) -> str:
        """How to name it: by its label and serial number, which a YubiKey's label holds already."""
        if not self.label:
            return f"the token with serial number {self.serial}"
        known = not self.serial or self.serial in self.label or _YUBIKEY.search(self.label)
        return self.label if known else f"{self.label} (serial {self.serial})"

    @property
    def hardware(self) -> bool:
        """Whether it is a device that may wait for a touch: one that can be plugged in."""
        from pkcs11 import SlotFlag  # noqa: PLC0415 - only who uses a token needs the library

        both = SlotFlag.HW_SLOT | SlotFlag.REMOVABLE_DEVICE
        return self.yubico or self.token.slot.flags & both == both

    @property
    def built_in(self) -> bool:
        """Whether it is a part of the machine, such as a TPM, which has no PIV slots."""
        from pkcs11 import SlotFlag  # noqa: PLC0415 - as above

        return not self.hardware and bool(self.token.slot.flags & SlotFlag.HW_SLOT)

    @property
    def attempts_left(self) -> str:
        """How many wrong PINs it will take, in a word, as far as its flags say.

        PKCS#11 has a flag for none, one for the last, and one for "a wrong PIN was shown". ykcs11
        sets that one for two, and none of them for more (its function C_GetTokenInfo).
        """
        from pkcs11 import TokenFlag  # noqa: PLC0415 - as above

        if self.token.flags & TokenFlag.USER_PIN_LOCKED:
            return "none"
        if self.token.flags & TokenFlag.USER_PIN_FINAL_TRY:
            return "one"
        if self.token.flags & TokenFlag.USER_PIN_COUNT_LOW:
            return "two" if self.yubico else "few"
        return "three or more" if self.yubico else UNKNOWN

    def expect_unlocked(self) -> None:
        """Raise `LockedPin` if it takes no PIN any more."""
        if self.attempts_left == "none":
            raise LockedPin(self.name)

    def uri(self, number: int) -> str:
        """Return the signer URI of the key with this object id."""
        query = f"?{urlencode({'label': self.label})}" if self.label else ""
        return f"{HSMSigner.SCHEME}:{number}{query}"

    def place(self, number: int) -> str:
        """Return how to name the key with this object id, "slot 9c of …"."""
        where = f"object {number}" if self.built_in else slot_in_words(number)
        return f"{where} of {self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenKey:
    """A public key on a token, by its object id."""

    token: PluggedIn
    number: int
    key: SSlibKey

    @property
    def uri(self) -> str:
        """The signer URI."""
        return self.token.uri(self.number)

    @property
    def place(self) -> str:
        """How to name it."""
        return self.token.place(self.number)


def tokens_of(module: Path) -> tuple[PluggedIn, ...]:
    """Return what is plugged in, as a module sees it; raise `ModuleNotLoaded`, `ModuleFailure`."""
    import pkcs11  # noqa: PLC0415 - as above

    try:
        library = pkcs11.lib(str(module))
    except pkcs11.PKCS11Error as error:
        raise ModuleNotLoaded(module, in_words(error)) from error
    yubico = library.manufacturer_id.startswith(_YUBICO)
    try:
        found = tuple(library.get_tokens(token_flags=pkcs11.TokenFlag.TOKEN_INITIALIZED))
    except pkcs11.PKCS11Error as error:
        raise ModuleFailure(module, in_words(error)) from error
    return tuple(PluggedIn(module=module, token=token, yubico=yubico) for token in found)


def keys_of(plugged: PluggedIn) -> tuple[TokenKey, ...]:
    """Return the keys of a token that could sign metadata, by object id."""
    import pkcs11  # noqa: PLC0415 - as above

    try:
        with plugged.token.open() as session:
            found = {each.number: each for each in _keys(plugged, session)}
    except pkcs11.PKCS11Error as error:
        raise TokenFailure(plugged.name, in_words(error)) from error
    return tuple(found[number] for number in sorted(found))


def in_words(error: Exception) -> str:
    """Return what python-pkcs11 says; most of its errors have no text."""
    return str(error) or type(error).__name__


def _keys(plugged: PluggedIn, session: "pkcs11.Session") -> Iterator[TokenKey]:
    from pkcs11 import Attribute, KeyType, ObjectClass  # noqa: PLC0415 - as above
    from pkcs11.util import biginteger  # noqa: PLC0415 - as above

    wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.KEY_TYPE: KeyType.EC}
    for public in list(session.get_objects(wanted)):  # one search at a time
        name = public[Attribute.ID]
        number = int.from_bytes(name, "big")
        if biginteger(number) != name:
            continue  # no signer URI can name it
        if plugged.yubico and slot_of(number) is None:
            continue  # slot f9 attests other keys, and signs nothing else
        key = _public_key(public)
        if key is not None:
            yield TokenKey(token=plugged, number=number, key=key)


def _public_key(public: "pkcs11.Object") -> SSlibKey | None:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - slow to import
        load_der_public_key,
    )
    from pkcs11.util.ec import encode_ec_public_key  # noqa: PLC0415 - as above

    try:
        der = encode_ec_public_key(public)  # type: ignore[arg-type]  # asked for public keys only
        key = SSlibKey.from_crypto(load_der_public_key(der))
    except ValueError:
        return None  # a curve that we do not know
    return key if key.scheme in _CURVES else None
