"""What tables leave out."""

import pytest

from tufline.signer.commands._tables import shortened

DIGEST = "8b19acd681" + 54 * "0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"sha256 {DIGEST}", "sha256 8b19acd681..."),
        (f"sha256 {DIGEST[:40]}...", "sha256 8b19acd681..."),
        (f"{DIGEST}, {DIGEST}", "8b19acd681..., 8b19acd681..."),
        (f"{DIGEST[:39]}...", f"{DIGEST[:39]}..."),
    ],
)
def test_long_digest_is_shortened_once(text: str, shown: str) -> None:
    assert shortened(text) == shown
