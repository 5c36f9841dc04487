"""Online keys that are held in memory: present, missing, or another one behind the URI."""

from securesystemslib.signer import Key, Signature
from tests.support.sample import STRANGER, signer_for

from tufline.online_sign._keys import OnlineKeyFailed
from tufline.online_sign.preflight import PREFIX
from tufline.repository.format import online_uri


class MemoryKeys:
    """`OnlineKeys` by URI: the sample's keys, but those that `missing` or `swapped` name.

    `used` are those that signed; `tried` those that signed what can never be metadata.
    """

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.swapped: set[str] = set()
        self.used: list[str] = []
        self.tried: list[str] = []

    def sign(self, key: Key, payload: bytes) -> Signature:
        uri = online_uri(key) or ""
        if not uri or uri in self.missing:
            raise OnlineKeyFailed(uri or key.keyid, "no such key")
        (self.tried if payload.startswith(PREFIX) else self.used).append(uri)
        signer = signer_for(STRANGER if uri in self.swapped else uri)
        return Signature(key.keyid, signer.sign(payload).signature)
