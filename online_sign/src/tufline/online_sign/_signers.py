"""The kinds of online keys there are, each by the scheme of its URI."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from securesystemslib.exceptions import UnsupportedLibraryError
from securesystemslib.signer import Key, Signer

from tufline.online_sign._failure import OnlineKeyFailed
from tufline.online_sign._sigstore import IdentitySigner

PIN_VARIABLE: Final = "TUFLINE_HSM_PIN"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of online key.

    Attributes:
        holder: what holds such keys, as people call it.
        signer: securesystemslib's class for it.
        extra: the extra of `tufline-online-sign` that installs what it needs; None: nothing.
    """

    holder: str
    signer: type[Signer]
    extra: str | None


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds by scheme: the only place that registers any.

    securesystemslib knows more. Those are left out: keys in a variable or of GnuPG are no
    keys of a service, and what is not here can never be made to open something by an event. Its
    signer for Sigstore trusts the public instance only, so that one is our own.
    """
    from securesystemslib.signer import (  # noqa: PLC0415 - loads every cloud's library there is
        AWSSigner,
        AzureSigner,
        CryptoSigner,
        GCPSigner,
        HSMSigner,
        VaultSigner,
    )

    return {
        "gcpkms": Kind(holder="Google Cloud KMS", signer=GCPSigner, extra="gcp"),
        "awskms": Kind(holder="AWS KMS", signer=AWSSigner, extra="aws"),
        "azurekms": Kind(holder="Azure Key Vault", signer=AzureSigner, extra="azure"),
        "hv": Kind(holder="Vault or OpenBao transit", signer=VaultSigner, extra="vault"),
        "hsm": Kind(holder="PKCS#11", signer=HSMSigner, extra="hsm"),
        "sigstore": Kind(holder="Sigstore", signer=IdentitySigner, extra="sigstore"),
        "file2": Kind(holder="a file", signer=CryptoSigner, extra=None),
    }


def open_signer(uri: str, key: Key) -> Signer:
    """Return what signs with the key that the URI names.

    Raises `OnlineKeyFailed` where there is no such kind or its library is not installed; errors of
    that library pass through.
    """
    scheme = uri.partition(":")[0]
    kind = kinds().get(scheme)
    if kind is None:
        known = ", ".join(f"{each}:" for each in kinds())
        raise OnlineKeyFailed(uri, f"{scheme}: is no kind of online key; there are {known}")
    try:
        return kind.signer.from_priv_key_uri(uri, key, _secret)
    except UnsupportedLibraryError as error:
        raise _missing(uri, kind) from error


def _missing(uri: str, kind: Kind) -> OnlineKeyFailed:
    install = f"; pip install 'tufline-online-sign[{kind.extra}]'" if kind.extra else ""
    return OnlineKeyFailed(uri, f"the library for {kind.holder} is not installed{install}")


def _secret(name: str) -> str:
    """Return the PIN of a PKCS#11 token, which nobody is there to type."""
    if PIN_VARIABLE not in os.environ:
        raise ValueError(f"needs the {name}: set {PIN_VARIABLE}")
    return os.environ[PIN_VARIABLE]
