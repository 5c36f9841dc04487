"""What verifies signatures here: keys alone, unless another part that is installed knows more."""

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tufline.repository.review import VerifierFor

KEY_VERIFIER: Final = "tufline.key-verifier"


def verifiers() -> "VerifierFor":
    """Return what says, for a known good state, what verifies signatures."""
    from tufline.repository.review import keys_alone

    for entry in entry_points(group=KEY_VERIFIER):
        found: VerifierFor = entry.load()
        return found
    return keys_alone
