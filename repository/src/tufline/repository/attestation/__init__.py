"""What a device says of a key that was made in it, and why to believe it (PIV attestation).

A YubiKey has a key in slot f9 that signs certificates for keys that were made inside it, and
nothing else. Its vendor signed a certificate for that key. So two certificates prove to whoever
knows the vendor that the private key cannot leave the device, and what the device asks for before
it signs:

    the vendor's certificate -> slot f9's certificate -> the certificate of the signing slot

Judged without a token or a network. Not covered: revocation, which the vendor does not publish for
these, and imported keys, which no device attests.
"""

from tufline.repository.attestation._types import (
    Attested,
    BadAttestation,
    Claims,
    PinPolicy,
    TouchPolicy,
)
from tufline.repository.attestation._verify import read_claims, verify_attestation

__all__ = [
    "Attested",
    "BadAttestation",
    "Claims",
    "PinPolicy",
    "TouchPolicy",
    "read_claims",
    "verify_attestation",
]
