"""The keys at hand on this machine (`Keys`): on tokens and in files, as the settings say."""

from collections.abc import Mapping
from typing import Final

from securesystemslib.exceptions import Error as SecuresystemslibError
from securesystemslib.signer import (
    SIGNER_FOR_URI_SCHEME,
    CryptoSigner,
    HSMSigner,
    Key,
    Signature,
    Signer,
)

from tufline.repository.format import signer_label
from tufline.repository.review import LocalKeys
from tufline.signer.keys._errors import KeyNotFound, NoKeyOnToken, OtherKey, UnusableKey
from tufline.signer.keys._files import public_key_of_file
from tufline.signer.keys._tokens import Tokens, token_label

_TOKEN: Final = HSMSigner.SCHEME
_FILE: Final = CryptoSigner.SCHEME


class LocalMachineKeys:
    """Finds keys by their URIs.

    Args:
        tokens: the tokens that are plugged in.
        chosen: the URI of the key to use where the settings have none for its key id; None: the
            key in PIV slot 9c of any token.
        known: URIs by key id.
    """

    def __init__(self, tokens: Tokens, *, chosen: str | None, known: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._chosen = chosen
        self._known = known
        self._places: dict[str, str] = {}

    def new_key(self) -> Key:
        """Return the public key of the chosen key, or of the one token."""
        uri = self._chosen or self._tokens.the_one()
        if _scheme(uri) not in {_TOKEN, _FILE}:
            raise UnusableKey(uri, "a new key can be on a token or in a file")
        return self._public_key(uri)

    def find(self, key: Key) -> str:
        """Return where the private part of `key` is."""
        return _in_words(self._place(key))

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Sign, and check the signature as the verifiers of the metadata will."""
        uri = self._place(key)
        if _scheme(uri) == _TOKEN:
            signature = self._tokens.sign(uri, key, payload)
        else:
            signature = _sign(uri, key, payload)
        if not LocalKeys().verify(key, signature, payload):
            raise OtherKey(key.keyid, _in_words(uri))
        return signature

    def _place(self, key: Key) -> str:
        if key.keyid not in self._places:
            self._places[key.keyid] = self._search(key)
        return self._places[key.keyid]

    def _search(self, key: Key) -> str:
        named = self._known.get(key.keyid) or self._chosen
        candidates = (named,) if named else self._tokens.uris()
        for uri in candidates:
            if self._is_at(uri, key, only=len(candidates) == 1):
                return uri
        raise KeyNotFound(key.keyid, signer_label(key), [_in_words(uri) for uri in candidates])

    def _is_at(self, uri: str, key: Key, *, only: bool) -> bool:
        """Whether the key is there. Of several tokens, one without a key is passed over."""
        if _scheme(uri) not in {_TOKEN, _FILE}:
            return True  # a service: what it signs is verified
        try:
            return _same(self._public_key(uri), key)
        except NoKeyOnToken:
            if only:
                raise
            return False

    def _public_key(self, uri: str) -> Key:
        return self._tokens.public_key(uri) if _scheme(uri) == _TOKEN else public_key_of_file(uri)


def _sign(uri: str, key: Key, payload: bytes) -> Signature:
    try:
        return Signer.from_priv_key_uri(uri, key).sign(payload)
    except (OSError, ValueError, SecuresystemslibError) as error:
        raise UnusableKey(uri, str(error)) from error


def _scheme(uri: str) -> str:
    scheme = uri.partition(":")[0]
    if scheme not in SIGNER_FOR_URI_SCHEME:
        raise UnusableKey(uri, f"keys of the kind {scheme!r} are not known")
    return scheme


def _same(one: Key, other: Key) -> bool:
    """Whether two keys have the same public part. PEM files differ in their line ends."""
    texts = (str(key.keyval.get("public", "")).split() for key in (one, other))
    return next(texts) == next(texts)


def _in_words(uri: str) -> str:
    return (token_label(uri) or uri) if _scheme(uri) == _TOKEN else uri
