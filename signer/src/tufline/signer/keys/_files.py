"""Private keys in PEM files (`file2:PATH`): for tests, rehearsals and keys of little worth."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import Key, SSlibKey

from tufline.signer.keys._errors import UnusableKey


def public_key_of_file(uri: str) -> Key:
    """Return the public key that belongs to the file; raise `UnusableKey`."""
    try:
        private = load_pem_private_key(Path(uri.partition(":")[2]).read_bytes(), None)
        return SSlibKey.from_crypto(private.public_key())
    except OSError as error:
        raise UnusableKey(uri, (error.strerror or str(error)).lower()) from error
    except (ValueError, TypeError) as error:
        raise UnusableKey(uri, "not a private key in a PEM file without a passphrase") from error
