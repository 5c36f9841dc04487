"""Private keys in PEM files (`file2:PATH`), with or without a passphrase.

securesystemslib's signer for `file2:` takes no passphrase. We read the file ourselves and hand it
the loaded key, under the same URI: whether the file is encrypted can be seen from the file, so
nobody has to say it in a setting, and encrypting a key later changes no setting.

An encrypted file does not show its public key. `PATH.pub` beside it does, so that nobody is asked
for a passphrase just to see whether it is the right key; what signed is verified anyway.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from securesystemslib.exceptions import Error as SecuresystemslibError
from securesystemslib.signer import CryptoSigner, Key, SecretsHandler, Signature, Signer, SSlibKey

from tufline.signer.keys._file_errors import NoSuchKeyFile, UnusableKey, WrongPassphrase

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SCHEME: Final = CryptoSigner.SCHEME
_NO_KEY: Final = "not a private key in a PEM file"


def file_of(uri: str) -> Path:
    """Return the file, with the prefix that securesystemslib takes from the environment."""
    prefix = os.environ.get(CryptoSigner.PREFIX_ENV_VAR, "")
    return Path(prefix, Path(uri.partition(":")[2]).expanduser())


def public_file_of(file: Path) -> Path:
    """Return where the public key of a private key lies."""
    return file.with_name(f"{file.name}.pub")


class KeyFiles:
    """Private keys in files. Each passphrase is asked for once, when it is first needed."""

    def __init__(self, secret: SecretsHandler) -> None:
        self._secret = secret
        self._loaded: dict[Path, PrivateKeyTypes] = {}

    def public_key(self, uri: str) -> Key:
        """Return the public key that belongs to the file; raise `UnusableKey`."""
        return self.readable(uri) or _public(uri, self._private(uri))

    def readable(self, uri: str) -> Key | None:
        """Return the public key if it can be read without a passphrase; raise `UnusableKey`."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - slow to import
            load_pem_public_key,
        )

        file = file_of(uri)
        data = _read(uri, file)
        if file not in self._loaded:
            try:
                self._loaded[file] = _load(uri, data, None)
            except TypeError:  # encrypted
                public = public_file_of(file)
                if not public.exists():
                    return None
                try:
                    return SSlibKey.from_crypto(load_pem_public_key(public.read_bytes()))
                except (OSError, ValueError) as error:
                    raise UnusableKey(uri, f"{public.name} is not its public key") from error
        return _public(uri, self._loaded[file])

    def sign(self, uri: str, key: Key, payload: bytes) -> Signature:
        """Sign with the key in the file, under the id of `key`; raise `UnusableKey`."""
        try:
            return FileSigner.from_loaded(self._private(uri), key).sign(payload)
        except (ValueError, SecuresystemslibError) as error:
            raise UnusableKey(uri, str(error)) from error

    def _private(self, uri: str) -> "PrivateKeyTypes":
        file = file_of(uri)
        data = _read(uri, file)  # although it may be loaded: a file that is gone signs nothing
        if file not in self._loaded:
            self._loaded[file] = _open(uri, file, data, self._secret)
        return self._loaded[file]


class FileSigner(Signer):
    """Signs with a private key in a PEM file that may be encrypted (securesystemslib's port)."""

    def __init__(self, signer: CryptoSigner) -> None:
        self._signer = signer

    @classmethod
    def from_loaded(cls, private: "PrivateKeyTypes", key: Key) -> "FileSigner":
        """Return the signer of a key that was loaded; raise `ValueError` for a wrong pair."""
        if not isinstance(key, SSlibKey):
            raise ValueError(f"keys of type {key.keytype} are not in files")  # noqa: TRY004 - as securesystemslib's signers
        return cls(CryptoSigner(private, key))

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> "FileSigner":
        """Return the signer of a file; raise `UnusableKey`, `WrongPassphrase`."""
        file = file_of(priv_key_uri)
        secret = secrets_handler or no_secret
        private = _open(priv_key_uri, file, _read(priv_key_uri, file), secret)
        return cls.from_loaded(private, public_key)

    @property
    def public_key(self) -> Key:
        """The public key."""
        return self._signer.public_key

    def sign(self, payload: bytes) -> Signature:
        """Return a signature over `payload`."""
        return self._signer.sign(payload)


def _open(uri: str, file: Path, data: bytes, secret: SecretsHandler) -> "PrivateKeyTypes":
    try:
        return _load(uri, data, None)
    except TypeError:  # encrypted
        passphrase = secret(f"passphrase of {file}")
    try:
        return _load(uri, data, passphrase.encode())
    except ValueError as error:
        raise WrongPassphrase(file) from error


def _load(uri: str, data: bytes, passphrase: bytes | None) -> "PrivateKeyTypes":
    """Return the key. Raise `TypeError` if it is encrypted, `ValueError` for a wrong passphrase."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - likewise
        load_pem_private_key,
    )

    try:
        return load_pem_private_key(data, passphrase)
    except (ValueError, UnsupportedAlgorithm) as error:
        if passphrase is not None and isinstance(error, ValueError):
            raise
        raise UnusableKey(uri, _NO_KEY) from error


def _public(uri: str, private: "PrivateKeyTypes") -> Key:
    try:
        return SSlibKey.from_crypto(private.public_key())
    except ValueError as error:
        raise UnusableKey(uri, "a key of a type that TUF does not know") from error


def _read(uri: str, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise NoSuchKeyFile(uri) from error
    except OSError as error:
        raise UnusableKey(uri, (error.strerror or str(error)).lower()) from error


def no_secret(what: str) -> str:
    """Refuse: nobody can be asked (`PinSource`)."""
    raise UnusableKey(SCHEME, f"nobody can be asked for the {what}")
