"""The words for where a key was made, as far as that is known."""

from collections.abc import Mapping
from typing import Final, assert_never

from tufline.repository.attestation import Attested, Claims, PinPolicy, TouchPolicy
from tufline.repository.report._text import Sentence, Shown, name, prose, value
from tufline.repository.review import Origin, Unattested

_PINS: Final[Mapping[PinPolicy, str]] = {
    PinPolicy.NEVER: "PIN: never asked for",
    PinPolicy.ONCE: "PIN: once per session",
    PinPolicy.ALWAYS: "PIN: for each signature",
    PinPolicy.MATCH_ONCE: "PIN or fingerprint: once per session",
    PinPolicy.MATCH_ALWAYS: "PIN or fingerprint: for each signature",
}
_TOUCHES: Final[Mapping[TouchPolicy, str]] = {
    TouchPolicy.NEVER: "touch: never asked for",
    TouchPolicy.ALWAYS: "touch: for each signature",
    TouchPolicy.CACHED: "touch: for each signature later than 15 seconds after the last touch",
}


def origin_sentence(holder: str, origin: Origin) -> Sentence:
    """Return where the key of `holder` was made."""
    whose = ("the key of ", name(holder))
    match origin:
        case Attested(claims=claims, vendor=vendor):
            return (*whose, " was made in ", *device_words(claims), "; attested by ", prose(vendor))
        case Claims():
            unverified = "; not verified: tufline.toml on main names no vendors"
            return (*whose, " is said to be made in ", *device_words(origin), unverified)
        case Unattested():
            return ("no attestation of ", *whose, " is in the event (any more)")
        case _:
            assert_never(origin)


def device_words(claims: Claims) -> tuple[str | Shown, ...]:
    """Return which device it is, and what that asks for before the key signs."""
    device = ("a YubiKey ", name(claims.firmware), ", serial ", value(claims.serial))
    return (*device, f", {_PINS[claims.pin]}, {_TOUCHES[claims.touch]}")
