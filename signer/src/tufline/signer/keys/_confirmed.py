"""Keys that want their PIN for each signature (CKA_ALWAYS_AUTHENTICATE, PKCS#11 v2.40 10.9).

ykcs11 takes a login just before the signature for that. Other modules (OpenSC, SoftHSM) want a
second login, "context specific", inside the operation, which securesystemslib does not make.
"""

import hashlib
from typing import TYPE_CHECKING, cast

from securesystemslib.signer import Key, Signature

from tufline.signer.keys._plugged_in import PluggedIn

if TYPE_CHECKING:
    from pkcs11 import PrivateKey, Session, SignMixin


def asks_each_time(plugged: PluggedIn, number: int) -> bool:
    """Whether the key says so without a PIN. Many tokens do not show private keys at all then."""
    from pkcs11 import Attribute, PKCS11Error  # noqa: PLC0415 - only who uses a token needs it

    try:
        with plugged.token.open() as session:
            return bool(_private_key(session, number)[Attribute.ALWAYS_AUTHENTICATE])
    except PKCS11Error:
        return False


def sign_confirmed(
    plugged: PluggedIn, number: int, key: Key, payload: bytes, pin: str
) -> Signature:
    """Sign with the PIN that the token took already, shown to it once more for this signature."""
    from pkcs11 import Mechanism  # noqa: PLC0415 - as above
    from pkcs11.util.ec import encode_ecdsa_signature  # noqa: PLC0415 - as above

    digest = hashlib.new(f"sha{key.scheme[-3:]}", payload).digest()
    with plugged.token.open(user_pin=pin) as session:
        private = cast("SignMixin", _private_key(session, number))
        raw = private.sign(digest, mechanism=Mechanism.ECDSA, pin=pin)
    return Signature(key.keyid, encode_ecdsa_signature(raw).hex())


def _private_key(session: "Session", number: int) -> "PrivateKey":
    from pkcs11 import KeyType, ObjectClass  # noqa: PLC0415 - as above
    from pkcs11.util import biginteger  # noqa: PLC0415 - as above

    found = session.get_key(ObjectClass.PRIVATE_KEY, KeyType.EC, id=biginteger(number))
    return cast("PrivateKey", found)
