"""What an attestation says, believed or not."""

from dataclasses import dataclass
from enum import Enum

from tufline.repository.errors import Refusal


class PinPolicy(Enum):
    """When the device asks for its PIN, or for a finger that it knows."""

    NEVER = 1
    ONCE = 2
    ALWAYS = 3
    MATCH_ONCE = 4
    MATCH_ALWAYS = 5


class TouchPolicy(Enum):
    """When the device waits for a touch. Cached: not within 15 seconds of the last one."""

    NEVER = 1
    ALWAYS = 2
    CACHED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What is said of a key, and of the device it was made in. Anybody can say it."""

    serial: int
    firmware: str
    pin: PinPolicy
    touch: TouchPolicy


@dataclass(frozen=True, kw_only=True, slots=True)
class Attested:
    """What is known of a key, since a vendor that is trusted vouches for the device.

    `vendor` is the vendor's name, as its certificate has it.
    """

    claims: Claims
    vendor: str


class BadAttestation(Refusal):
    """An attestation does not prove what it says."""

    hint = (
        "is it of this key, made on the device (imported keys are not attested), and do the files "
        "of vendors have the vendor's certificates?"
    )

    def __init__(self, fault: str) -> None:
        super().__init__(f"the attestation is not accepted: {fault}")
        self.fault = fault
