"""A YubiKey in software, under the real libraries: libykcs11, libykpiv, pcscd.

    card = PivCard(Device(), Vendor())
    card.put(SlotKey())
    with plugged_in(card) as yubikey:
        subprocess.run([...], env={**os.environ, **yubikey.environment})
    assert card.log == ["PIN right", "9c signed"]

The card is an object of the test: `card.tries`, `card.blink`. All that runs beside it ends with
the test, also when that is killed.
"""

from tests.support.yubikey._card import PIN, SIGNATURE, PivCard, SlotKey
from tests.support.yubikey._device import Device, PinPolicy, TouchPolicy
from tests.support.yubikey._plugged_in import INSTALL, MODULE, YubiKey, plugged_in, why_not
from tests.support.yubikey._vendor import Authority, Vendor

__all__ = [
    "INSTALL",
    "MODULE",
    "PIN",
    "SIGNATURE",
    "Authority",
    "Device",
    "PinPolicy",
    "PivCard",
    "SlotKey",
    "TouchPolicy",
    "Vendor",
    "YubiKey",
    "plugged_in",
    "why_not",
]
