"""What a device says of itself, and when its keys want a PIN or a touch."""

from dataclasses import dataclass
from enum import IntEnum


class PinPolicy(IntEnum):
    """When a key wants the PIN."""

    NEVER = 1
    ONCE = 2
    ALWAYS = 3


class TouchPolicy(IntEnum):
    """When a key wants to be touched."""

    NEVER = 1
    ALWAYS = 2


@dataclass(frozen=True, kw_only=True)
class Device:
    """What a device is."""

    serial: int = 15835999
    firmware: tuple[int, int, int] = (5, 4, 3)
