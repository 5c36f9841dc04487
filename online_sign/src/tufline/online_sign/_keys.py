"""The port to online keys, and its adapter: securesystemslib's signers, by URI."""

from typing import Protocol

from securesystemslib.signer import Key, Signature

from tufline.online_sign._failure import OnlineKeyFailed, key_failed
from tufline.online_sign._signers import open_signer
from tufline.repository.format import online_uri

__all__ = ["KeysByUri", "OnlineKeyFailed", "OnlineKeys"]


class OnlineKeys(Protocol):
    """Signs with keys that people do not hold."""

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Return a signature of `key` over `payload`; raise `OnlineKeyFailed`.

        The signature may be wrong (another key behind the URI): whoever keeps it verifies it.
        """
        ...


class KeysByUri:
    """Signs with the key that the `online-uri` field names (`OnlineKeys`)."""

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Return a signature of `key` over `payload`."""
        uri = online_uri(key)
        if uri is None:
            raise OnlineKeyFailed(key.keyid, "the metadata does not say where it is")
        try:
            return open_signer(uri, key).sign(payload)
        except OnlineKeyFailed:
            raise
        except Exception as error:  # every vendor's library raises its own errors
            raise key_failed(uri, error) from error
