"""Validators of the two files by which Sigstore clients know whom to trust and where to sign.

Both are pure: bytes in, problems out. Each problem names the place in the file and the next step.
The files are messages of Sigstore's protobuf-specs (`sigstore_trustroot.proto`) in JSON.
"""

from tufline.repository.validators.sigstore._key_files import is_key_file
from tufline.repository.validators.sigstore._signing_config import (
    TRUSTED_ROOT,
    validate_signing_config,
)
from tufline.repository.validators.sigstore._trusted_root import validate_trusted_root

__all__ = [
    "TRUSTED_ROOT",
    "is_key_file",
    "validate_signing_config",
    "validate_trusted_root",
]
