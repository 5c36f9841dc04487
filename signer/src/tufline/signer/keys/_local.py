"""The keys at hand on this machine (`Keys`): on tokens and in files, as the settings say."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from securesystemslib.exceptions import Error as SecuresystemslibError
from securesystemslib.exceptions import UnsupportedLibraryError
from securesystemslib.signer import (
    SIGNER_FOR_URI_SCHEME,
    Key,
    Signature,
    Signer,
    TKeySigner,
)

from tufline.repository.errors import EnvironmentProblem
from tufline.repository.format import (
    Attestation,
    is_sigstore_key,
    key_material,
    signer_label,
)
from tufline.repository.review import LocalKeys
from tufline.signer.keys import _files, _identity_uris, _tokens
from tufline.signer.keys._errors import KeyNotFound, OtherKey, WrongKey
from tufline.signer.keys._file_errors import LibraryMissing, UnusableKey
from tufline.signer.keys._files import KeyFiles
from tufline.signer.keys._identities import Identities
from tufline.signer.keys._interface import PinSource
from tufline.signer.keys._tokens import Tokens

_TKEY: Final = TKeySigner.SCHEME


class LocalMachineKeys:
    """Finds keys by their URIs.

    Args:
        tokens: the tokens that are plugged in.
        chosen: the URI of the key that is new, or to look at first where the settings have none
            for a key id. Then, and where it is None, each slot of each token is looked at.
        known: URIs by key id.
        secret: where passphrases come from.
        identities: signs as Sigstore identities, online. Without it none can sign.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        chosen: str | None,
        known: Mapping[str, str],
        secret: PinSource = _files.no_secret,
        identities: Identities | None = None,
    ) -> None:
        self._tokens = tokens
        self._chosen = chosen
        self._known = known
        self._secret = secret
        self._files = KeyFiles(secret)
        self._identities = identities or Identities()
        self._places: dict[str, str] = {}

    def new_key(self) -> Key:
        """Return the public key of the chosen key, or of the one token."""
        uri = self._chosen or self._tokens.the_one()
        if _scheme(uri) == _TKEY:
            return self._tkey(uri)
        key = self._public_key(uri)
        if key is None:
            raise UnusableKey(uri, "a new key can be on a token or in a file")
        return key

    def find(self, key: Key) -> str:
        """Return where the private part of `key` is."""
        return self._in_words(self._place(key))

    def attestation(self, key: Key) -> Attestation | None:
        """Return what the token that holds `key` says of it; None for keys elsewhere."""
        uri = self._place(key)
        return self._tokens.attestation(uri) if _scheme(uri) == _tokens.SCHEME else None

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Sign, and check the signature as the verifiers of the metadata will."""
        uri = self._place(key)
        if _scheme(uri) == _identity_uris.SCHEME:
            return self._identities.sign(key, payload)
        if _scheme(uri) == _tokens.SCHEME:
            signature = self._tokens.sign(uri, key, payload)
        elif _scheme(uri) == _files.SCHEME:
            signature = self._files.sign(uri, key, payload)
        else:
            signature = self._sign(uri, key, payload)
        if not LocalKeys().verify(key, signature, payload):
            raise OtherKey(key.keyid, self._in_words(uri))
        return signature

    def _place(self, key: Key) -> str:
        if key.keyid not in self._places:
            self._places[key.keyid] = self._search(key)
        return self._places[key.keyid]

    def _search(self, key: Key) -> str:
        if is_sigstore_key(key):
            self._identities.trust_for(key)
            return _identity_uris.uri_of(key)
        known = self._known.get(key.keyid)
        uri = known or self._chosen
        if uri is None:
            return self._on_a_token(key)
        there = self._public_key(uri)
        if there is None or _same(there, key):
            return uri
        wrong = WrongKey(key.keyid, signer_label(key), self._in_words(uri))
        if known:
            raise wrong
        return self._elsewhere(key, wrong)

    def _elsewhere(self, key: Key, wrong: WrongKey) -> str:
        """Look for a key that is not the chosen one: while a key is replaced, both sign root."""
        try:
            return self._on_a_token(key)
        except EnvironmentProblem:  # no module, no token, or not this key
            raise wrong from None

    def _on_a_token(self, key: Key) -> str:
        seen = []
        for each in self._tokens.all_keys():
            if _same(each.key, key):
                return each.uri
            seen.append(each.place)
        raise KeyNotFound(key.keyid, signer_label(key), seen)

    def _public_key(self, uri: str) -> Key | None:
        """Return the public key at a URI; None where it is not shown, but what is signed is."""
        scheme = _scheme(uri)
        if scheme == _tokens.SCHEME:
            return self._tokens.public_key(uri)
        if scheme == _identity_uris.SCHEME:
            return _identity_uris.identity_key(uri)
        return self._files.public_key(uri) if scheme == _files.SCHEME else None

    def _tkey(self, uri: str) -> Key:
        parts = urlsplit(uri)
        query = parse_qs(parts.query)
        asks = query.get("passphrase", [""])[0].lower() == "true"
        try:
            return TKeySigner.import_(
                digest=query.get("digest", [None])[0],
                device_path=parts.path if parts.path.strip("/") else None,
                passphrase=self._secret(f"passphrase of {uri}") if asks else None,
            )[1]
        except UnsupportedLibraryError as error:
            raise LibraryMissing(uri, _TKEY) from error
        except (OSError, ValueError, RuntimeError, SecuresystemslibError) as error:
            raise UnusableKey(uri, str(error)) from error

    def _sign(self, uri: str, key: Key, payload: bytes) -> Signature:
        def secret(what: str) -> str:
            return self._secret(f"{what} of {uri}")

        try:
            return Signer.from_priv_key_uri(uri, key, secret).sign(payload)
        except UnsupportedLibraryError as error:
            raise LibraryMissing(uri, _scheme(uri)) from error
        except (OSError, ValueError, SecuresystemslibError) as error:
            raise UnusableKey(uri, str(error)) from error

    def _in_words(self, uri: str) -> str:
        scheme = _scheme(uri)
        if scheme == _identity_uris.SCHEME:
            return f"{_identity_uris.in_words(_identity_uris.identity_key(uri))}, online"
        return self._tokens.place(uri) if scheme == _tokens.SCHEME else uri


def _scheme(uri: str) -> str:
    scheme = uri.partition(":")[0]
    if scheme not in {_identity_uris.SCHEME, *SIGNER_FOR_URI_SCHEME}:
        raise UnusableKey(uri, f"keys of the kind {scheme!r} are not known")
    return scheme


def _same(one: Key, other: Key) -> bool:
    """Whether two keys have the same public part, however it is written."""
    material = key_material(one)
    return material is not None and material == key_material(other)
