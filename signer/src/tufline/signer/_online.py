"""Online keys, before they are proposed: fetched from their service, and tried.

Nothing of a cloud is imported here: securesystemslib's signers do that, where its library happens
to be installed. Where it is not, or where only the repository's jobs can reach the key, the check
`online-keys` of the signing event tries it later.
"""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from securesystemslib.exceptions import UnsupportedLibraryError
from securesystemslib.signer import (
    AWSSigner,
    AzureSigner,
    CryptoSigner,
    GCPSigner,
    Key,
    Signer,
    SigstoreSigner,
    SSlibKey,
    VaultSigner,
)

from tufline.repository.edit import OnlineKey
from tufline.repository.review import LocalKeys
from tufline.signer._errors import InvalidPublicKey, OnlineKeyFailed
from tufline.signer.keys import identity_key

# What its signers log is raised as well, and told once, by us.
_LOGGER: Final = logging.getLogger("securesystemslib.signer")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False

# No metadata begins like this: metadata is canonical JSON, which begins with a brace.
_PREFIX: Final = b"tufline trial of an online key: this is no TUF metadata\n"
_NONCE_BYTES: Final = 32
_NO_LIBRARY: Final = "the library for its service is not installed here"
_NO_FILE: Final = "the file is not on this machine"
_OTHER_KIND: Final = "keys of this kind are tried by the job that holds them"


@dataclass(frozen=True, slots=True)
class Works:
    """The key signed, and its public key verifies what it signed."""

    uri: str


@dataclass(frozen=True, slots=True)
class Untried:
    """The key cannot be tried on this machine."""

    uri: str
    reason: str


def fetch_key(uri: str) -> OnlineKey | Untried:
    """Return the key with its public part, as the service names it; raise `OnlineKeyFailed`.

    Some services know versions of keys. A URI without one gets that of the newest.
    """
    scheme, _, place = uri.partition(":")
    fetch = _FETCH.get(scheme)
    reason = _why_not(scheme, place)
    if fetch is None or reason:
        return Untried(uri, reason or _OTHER_KIND)
    try:
        found, key = fetch(place)
    except UnsupportedLibraryError:
        return Untried(uri, _NO_LIBRARY)
    except Exception as error:  # every vendor's library raises its own errors
        raise OnlineKeyFailed(uri, _reason(error)) from error
    if found != uri and not found.startswith(f"{uri.rstrip('/')}/"):
        raise OnlineKeyFailed(uri, f"the service has another version by now: {found}")
    return OnlineKey(key=key, uri=found)


def is_identity(uri: str) -> bool:
    """Whether the URI names a Sigstore identity."""
    return uri.partition(":")[0] == SigstoreSigner.SCHEME


def online_identity(uri: str) -> OnlineKey:
    """Return the identity of `sigstore:IDENTITY?issuer=URL` as an online key.

    The metadata names the identity in the key itself, and only the kind in the key's URI. Raise
    `NoIdentity`.
    """
    return OnlineKey(key=identity_key(uri), uri=f"{SigstoreSigner.SCHEME}:")


def try_key(online: OnlineKey) -> Works | Untried:
    """Let the key sign something of no worth, and verify that; raise `OnlineKeyFailed`."""
    scheme, _, place = online.uri.partition(":")
    reason = _why_not(scheme, place)
    if reason:
        return Untried(online.uri, reason)
    payload = _PREFIX + secrets.token_hex(_NONCE_BYTES).encode()
    try:
        signature = Signer.from_priv_key_uri(online.uri, online.key).sign(payload)
    except UnsupportedLibraryError:
        return Untried(online.uri, _NO_LIBRARY)
    except Exception as error:  # every vendor's library raises its own errors
        raise OnlineKeyFailed(online.uri, _reason(error)) from error
    if not LocalKeys().verify(online.key, signature, payload):
        raise OnlineKeyFailed(online.uri, "its public key does not verify what it signed")
    return Works(online.uri)


def read_public_key(path: Path) -> Key:
    """Return the public key of a PEM file; raise `InvalidPublicKey`."""
    try:
        return SSlibKey.from_crypto(load_pem_public_key(path.read_bytes()))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidPublicKey(str(path), str(error).splitlines()[0].lower()) from error


def _why_not(scheme: str, place: str) -> str | None:
    """Return why a key cannot be tried here, as far as can be seen without trying."""
    if scheme not in _FETCH:
        return _OTHER_KIND
    if scheme == CryptoSigner.SCHEME and not _file(place).exists():
        return _NO_FILE
    return None


def _fetch_azure(place: str) -> tuple[str, Key]:
    parts = urlsplit(place)
    vault = (parts.hostname or "").partition(".")[0]
    _, kind, name, *_ = parts.path.split("/")
    if not vault or kind != "keys" or not name:
        raise ValueError("write azurekms://VAULT.vault.azure.net/keys/NAME")
    return AzureSigner.import_(vault, name)


def _fetch_vault(place: str) -> tuple[str, Key]:
    return VaultSigner.import_(place.partition("/")[0])


def _fetch_file(place: str) -> tuple[str, Key]:
    private = load_pem_private_key(_file(place).read_bytes(), None)
    return f"{CryptoSigner.SCHEME}:{place}", SSlibKey.from_crypto(private.public_key())


def _file(place: str) -> Path:
    """Return the file, with the prefix that securesystemslib takes from the environment."""
    return Path(os.environ.get(CryptoSigner.PREFIX_ENV_VAR, ""), place)


def _reason(error: Exception) -> str:
    """Return what the error says on one line; libraries write many, for terminals."""
    words = "".join(char if char.isprintable() else " " for char in str(error)).split()
    return " ".join(words)[:300] or type(error).__name__


_FETCH: Final[Mapping[str, Callable[[str], tuple[str, Key]]]] = MappingProxyType(
    {
        GCPSigner.SCHEME: GCPSigner.import_,
        AWSSigner.SCHEME: AWSSigner.import_,
        AzureSigner.SCHEME: _fetch_azure,
        VaultSigner.SCHEME: _fetch_vault,
        CryptoSigner.SCHEME: _fetch_file,
    }
)
