"""The fingerprint of a root as a person gives it, in place of an answer. Pure.

It is the SHA-256 of a root's published bytes in hex, and may hold colons, spaces and capitals.
"""

from collections.abc import Iterator
from typing import Final

from tuf.api.metadata import Root

from tufline.repository.format import ROOT, parse_document
from tufline.repository.review import KeyVerifier, oldest_verifying_root
from tufline.repository.state import State
from tufline.signer.wire._comparison import digest_of
from tufline.signer.wire._errors import OtherRootPinned, WrongFingerprint
from tufline.signer.wire._pin import Pin, PinFolder

_SEPARATORS: Final = str.maketrans("", "", ": ")


def expect_first_root(given: str, first: Pin) -> None:
    """Raise `WrongFingerprint` unless `given` is that of the root to pin at first use."""
    if _plain(given) != first.fingerprint:
        raise WrongFingerprint(first.version, first.fingerprint)


def expect_pinned_root(
    given: str, pin: Pin, folder: PinFolder, base: State, verifier: KeyVerifier
) -> None:
    """Raise `OtherRootPinned` unless `given` is that of the pinned root or of one that led to it.

    `base` is main, which must have been compared with the pin: its history tells the others.
    """
    if _plain(given) not in {pin.fingerprint, *_led_to(pin, base, verifier)}:
        raise OtherRootPinned(pin.version, pin.fingerprint, folder.path)


def _led_to(pin: Pin, base: State, verifier: KeyVerifier) -> Iterator[str | None]:
    """Yield the fingerprints of the roots from which the chain leads to the pinned one."""
    oldest = oldest_verifying_root(base, parse_document(pin.root, Root), verifier)
    for version in range(oldest, pin.version):
        yield digest_of(base, ROOT, version)


def _plain(given: str) -> str:
    return given.translate(_SEPARATORS).lower()
