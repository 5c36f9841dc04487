"""What verifies signatures here: keys, and identities where the library for Sigstore is there."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tufline.repository.review import VerifierFor


def verifiers() -> "VerifierFor":
    """Return what says, for a known good state, what verifies signatures."""
    from tufline.repository.identities import verifier_for

    return verifier_for
