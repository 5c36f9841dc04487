"""PIV slots that hold signing keys, and the object ids by which PKCS#11 modules know them.

ykcs11 and OpenSC number alike: 9a, 9c, 9d and 9e are 1 to 4, the retired slots 82 to 95 (hex) are
5 to 24. 25 is f9, whose key only attests others. Tokens without PIV slots use ids as they like.
"""

from types import MappingProxyType
from typing import Final

from tufline.repository.errors import UserError

_RETIRED: Final = range(0x82, 0x96)
_SLOTS: Final = MappingProxyType(
    {
        number: f"{slot:02x}"
        for number, slot in enumerate((0x9A, 0x9C, 0x9D, 0x9E, *_RETIRED), start=1)
    }
)
SIGNATURE: Final = 2
"""The object id of slot 9c, which PIV made for signatures."""


class NoSuchSlot(UserError):
    """What was named is no PIV slot that signs."""

    hint = "slots are 9a, 9c, 9d, 9e and 82 to 95; 9c is the one for signatures"

    def __init__(self, slot: str) -> None:
        super().__init__(f"{slot!r} is not a PIV slot with a signing key")


def slot_of(number: int) -> str | None:
    """Return the slot with this object id, if it is one of a PIV token that signs."""
    return _SLOTS.get(number)


def number_of(slot: str) -> int:
    """Return the object id of a slot; raise `NoSuchSlot`."""
    for number, name in _SLOTS.items():
        if name == slot.lower():
            return number
    raise NoSuchSlot(slot)


def slot_in_words(number: int) -> str:
    """Return how to name the place on a token, "slot 9c"."""
    slot = slot_of(number)
    return f"slot {slot}" if slot else f"object {number}"
