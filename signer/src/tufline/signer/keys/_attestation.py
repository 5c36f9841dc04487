"""Reading what a token says of a key that was made in it (PIV attestation).

`tufline.repository.attestation` tells what that is worth.
"""

from typing import TYPE_CHECKING, Final

from tufline.repository.format import Attestation
from tufline.signer.keys._errors import TokenFailure
from tufline.signer.keys._plugged_in import PluggedIn, in_words
from tufline.signer.keys._slots import slot_of

if TYPE_CHECKING:
    import pkcs11

_LABEL: Final = "X.509 Certificate for PIV Attestation"  # as ykcs11 names these objects
_DEVICE_OBJECT: Final = b"\x19"  # slot f9


def read_attestation(plugged: PluggedIn, number: int) -> Attestation | None:
    """Return what a token says of the key with this object id, None if it says nothing.

    Needs no PIN. Raises `TokenFailure`.
    """
    import pkcs11  # noqa: PLC0415 - only who uses a token needs the library
    from pkcs11.util import biginteger  # noqa: PLC0415 - as above

    slot = slot_of(number)
    if slot is None or not plugged.yubico:
        return None
    try:
        with plugged.token.open() as session:
            device = _read(session, _DEVICE_OBJECT, _LABEL)
            key = _read(session, biginteger(number), f"{_LABEL} {slot}")
    except pkcs11.PKCS11Error as error:
        raise TokenFailure(plugged.name, in_words(error)) from error
    return Attestation(device=device, key=key) if device and key else None


def _read(session: "pkcs11.Session", name: bytes, label: str) -> bytes | None:
    """Return the certificate with this id and label: the key's own one has the same id."""
    from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415 - as above

    wanted = {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.ID: name,
        Attribute.LABEL: label,
    }
    found = list(session.get_objects(wanted))
    return bytes(found[0][Attribute.VALUE]) if found else None
