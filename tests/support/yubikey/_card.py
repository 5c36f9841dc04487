"""A PIV card in software, with what a YubiKey adds to it: NIST SP 800-73-4, Yubico's extensions.

It holds keys and never shows them, counts wrong PINs, asks for the PIN and a touch as each key's
policy says, and attests its keys. It cannot be written to: keys are put in when it is made.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.support.yubikey._apdu import Answer, Command
from tests.support.yubikey._device import Device, PinPolicy, TouchPolicy
from tests.support.yubikey._tlv import parts, tlv
from tests.support.yubikey._vendor import Vendor, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable

PIN = "123456"
SIGNATURE = 0x9C
ATTESTATION = 0xF9

_PIN_TRIES = 3
_PIN_REFERENCE = 0x80
_AID = bytes.fromhex("a000000308")
_VERSION_AID = bytes.fromhex("000010000100")
_P256, _P384 = 0x11, 0x14

NOT_FOUND = Answer(status=0x6A82)
NO_REFERENCE = Answer(status=0x6A88)
BLOCKED = Answer(status=0x6983)
NOT_ALLOWED = Answer(status=0x6982)
WRONG_DATA = Answer(status=0x6A80)
UNKNOWN = Answer(status=0x6D00)


@dataclass(frozen=True, kw_only=True)
class SlotKey:
    """A key in a slot, and what it wants before it signs."""

    private: EllipticCurvePrivateKey = field(
        default_factory=lambda: generate_private_key(SECP256R1())
    )
    pin: PinPolicy = PinPolicy.ALWAYS
    touch: TouchPolicy = TouchPolicy.NEVER

    @property
    def algorithm(self) -> int:
        return _P256 if self.private.curve.name == SECP256R1.name else _P384

    @property
    def public_point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, digest: bytes) -> bytes:
        digested = SHA256() if self.algorithm == _P256 else SHA384()
        return self.private.sign(
            digest.rjust(digested.digest_size, b"\0"), ECDSA(Prehashed(digested))
        )


class PivCard:
    """The card. `log` tells what it was asked for that a person would notice.

    Attributes:
        tries: how many wrong PINs it takes until it is locked.
        keys: by slot; `put` adds one.
        blink: called when it waits for a touch; returns whether it was touched in time.
    """

    def __init__(self, device: Device, vendor: Vendor) -> None:
        self.device = device
        self.tries = _PIN_TRIES
        self.blink: Callable[[], bool] = lambda: True
        self.log: list[str] = []
        self._pin = PIN
        self._verified = False
        self.keys: dict[int, SlotKey] = {}
        self._attester = vendor.make()
        self._objects = {
            _object_of(ATTESTATION): _certificate(self._attester.der),
            0x5FC102: _holder_id(device),
        }
        self._commands: dict[int, Callable[[Command], Answer]] = {
            0x20: self._verify,
            0x87: self._general_authenticate,
            0xA4: self._select,
            0xCB: self._get_data,
            0xF7: self._metadata,
            0xF8: lambda _: Answer(data=device.serial.to_bytes(4, "big")),
            0xF9: self._attest,
            0xFD: lambda _: Answer(data=bytes(device.firmware)),
        }

    def put(self, key: SlotKey, slot: int = SIGNATURE) -> None:
        """Put a key into a slot, and a certificate beside it, as tools do that make keys."""
        self.keys[slot] = key
        certificate = self_signed(key.private, f"YubiKey key in {slot:02x}")
        self._objects[_object_of(slot)] = _certificate(certificate)

    def remove(self, slot: int) -> None:
        """Leave a slot empty."""
        del self.keys[slot], self._objects[_object_of(slot)]

    def unlock(self) -> None:
        """Take PINs again, as after the PUK was shown."""
        self.tries = _PIN_TRIES

    def reset(self) -> None:
        """Lose what the card knows while it has power."""
        self._verified = False

    def answer(self, command: Command) -> Answer:
        """Return what the card says to a command."""
        run = self._commands.get(command.ins)
        return run(command) if run else UNKNOWN

    def _select(self, command: Command) -> Answer:
        if not command.data.startswith(_AID):
            return NOT_FOUND
        self._verified = False
        authority = tlv(0x79, tlv(0x4F, _AID))
        return Answer(data=tlv(0x61, tlv(0x4F, _VERSION_AID) + authority))

    def _get_data(self, command: Command) -> Answer:
        ((_, name),) = parts(command.data)
        value = self._objects.get(int.from_bytes(name, "big"))
        return NOT_FOUND if value is None else Answer(data=tlv(0x53, value))

    def _verify(self, command: Command) -> Answer:
        left = Answer(status=0x63C0 | self.tries) if self.tries else BLOCKED
        if not command.data:  # asks how many tries are left
            return Answer() if self._verified else left
        if not self.tries:
            self.log.append("PIN locked")
            return left
        self._verified = command.data.rstrip(b"\xff") == self._pin.encode()
        self.tries = _PIN_TRIES if self._verified else self.tries - 1
        self.log.append("PIN right" if self._verified else "PIN wrong")
        return Answer() if self._verified else Answer(status=0x63C0 | self.tries)

    def _general_authenticate(self, command: Command) -> Answer:
        key = self.keys.get(command.p2)
        if key is None or key.algorithm != command.p1:
            return WRONG_DATA
        if key.pin is not PinPolicy.NEVER and not self._verified:
            self.log.append(f"{command.p2:02x} wants the PIN")
            return NOT_ALLOWED
        if key.pin is PinPolicy.ALWAYS:
            self._verified = False
        if key.touch is not TouchPolicy.NEVER and not self.blink():
            self.log.append(f"{command.p2:02x} not touched")
            return NOT_ALLOWED
        ((_, template),) = parts(command.data)
        digest = dict(parts(template))[0x81]
        self.log.append(f"{command.p2:02x} signed")
        return Answer(data=tlv(0x7C, tlv(0x82, key.sign(digest))))

    def _metadata(self, command: Command) -> Answer:
        if command.p2 == _PIN_REFERENCE:
            tries = bytes([_PIN_TRIES, self.tries])
            return Answer(data=tlv(0x01, b"\xff") + tlv(0x05, b"\x00") + tlv(0x06, tries))
        key = self.keys.get(command.p2)
        if key is None:
            return NO_REFERENCE
        return Answer(
            data=tlv(0x01, bytes([key.algorithm]))
            + tlv(0x02, bytes([key.pin, key.touch]))
            + tlv(0x03, b"\x01")  # made on the card, not imported
            + tlv(0x04, tlv(0x86, key.public_point))
        )

    def _attest(self, command: Command) -> Answer:
        key = self.keys.get(command.p1)
        if key is None:
            return NO_REFERENCE
        public, policy = key.private.public_key(), (key.pin, key.touch)
        says = self._attester.attest(command.p1, public, device=self.device, policy=policy)
        return Answer(data=says)


def _object_of(slot: int) -> int:
    """Return the name of the data object with a slot's certificate."""
    named = {0x9A: 0x5FC105, 0x9C: 0x5FC10A, 0x9D: 0x5FC10B, 0x9E: 0x5FC101, 0xF9: 0x5FFF01}
    return named.get(slot) or 0x5FC10D + slot - 0x82


def _certificate(der: bytes) -> bytes:
    return tlv(0x70, der) + tlv(0x71, b"\0") + tlv(0xFE, b"")


def _holder_id(device: Device) -> bytes:
    """Return the card holder unique identifier (CHUID), which tells cards apart."""
    return (
        tlv(0x30, bytes(25))
        + tlv(0x34, device.serial.to_bytes(16, "big"))
        + tlv(0x35, b"20501231")
        + tlv(0x3E, b"")
        + tlv(0xFE, b"")
    )
