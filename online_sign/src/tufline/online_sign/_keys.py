"""The port to online keys, and its adapter: securesystemslib's signers, by URI."""

from typing import Protocol

from securesystemslib.signer import Key, Signature, Signer

from tufline.repository.errors import EnvironmentProblem
from tufline.repository.format import online_uri


class OnlineKeyFailed(EnvironmentProblem):
    """An online key could not be used."""

    hint = "check that the job may use the key, and that the URI in the metadata names it"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"online key {name}: {reason}")
        self.name = name


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
            return Signer.from_priv_key_uri(uri, key).sign(payload)
        except Exception as error:  # every vendor's library raises its own errors
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise OnlineKeyFailed(uri, reason) from error
