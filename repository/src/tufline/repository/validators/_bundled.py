"""The validators that come with Tufline, by name. They are loaded when one is used."""

from collections.abc import Callable
from dataclasses import dataclass

from tufline.repository.validators._interface import Bundled


@dataclass(frozen=True, kw_only=True, slots=True)
class BundledValidator:
    """A validator, and which artifacts of the same folder it compares its own with, by name."""

    validate: Bundled
    compares_with: Callable[[str], bool]


def bundled(name: str) -> BundledValidator:
    """Return one of `BUNDLED`."""
    # They need pydantic and cryptography, which take a while to import.
    from tufline.repository.validators import sigstore  # noqa: PLC0415 - see above

    if name == "sigstore-trusted-root":
        return BundledValidator(
            validate=sigstore.validate_trusted_root, compares_with=sigstore.is_key_file
        )
    return BundledValidator(
        validate=sigstore.validate_signing_config,
        compares_with=lambda other: other == sigstore.TRUSTED_ROOT,
    )
