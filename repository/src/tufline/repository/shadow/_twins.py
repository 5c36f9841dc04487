"""The throwaway keys of a shadow: for each real key one twin, whoever is trusted with it where.

A twin has the type, scheme, form and all fields of its key; only the public part is another one.
Its id is made as that of the key was, and where the key's id does not match its content, it stays:
clients that recompute ids must meet exactly this.
"""

import copy
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, CryptoSigner, Key, SSlibKey

from tufline.repository.format import FIELD_MEANINGS, RoleName, canonical_json
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._material import CannotMake, make_like, read_public

_MOST_KEYS: Final = 20_000
# Making an RSA key takes about the fourth power of its size: as many as are made in a minute or so.
_RSA_UNIT: Final = 2_048
_MOST_RSA_UNITS: Final = 600
_PLAIN_FIELDS: Final = ("keytype", "scheme", "keyval")


@dataclass(frozen=True, kw_only=True, slots=True)
class Twin:
    """A throwaway key in the place of a real one.

    Attributes:
        original: the real key, with its public part alone.
        keyid: the id of the twin.
        tree: the twin as metadata has it.
        signer: signs as the twin.
    """

    original: Key
    keyid: str
    tree: dict[str, Any]
    signer: CryptoSigner

    def sign(self, payload: bytes) -> str:
        """Return the value of a signature (hex)."""
        value: str = self.signer.sign(payload).signature
        return value


class Twins:
    """Makes twins, and remembers them. Never uses or looks up a real private key."""

    def __init__(self) -> None:
        self._private: dict[bytes, PrivateKeyTypes] = {}
        self._twins: dict[tuple[str, bytes], Twin] = {}
        self._rsa_units = 0.0

    def of(self, keyid: str, tree: dict[str, Any], role: RoleName) -> Twin:
        """Return the twin of a key that `role` lists; raise `CannotShadow` if none can be made."""
        place = (keyid, canonical_json(tree))
        if place not in self._twins:
            if len(self._twins) >= _MOST_KEYS:
                raise CannotShadow(f"there are more than {_MOST_KEYS} keys")
            try:
                self._twins[place] = self._make(keyid, tree)
            except CannotMake as error:
                raise CannotShadow(f"{role} has key {keyid}, and {error}") from error
        return self._twins[place]

    def _make(self, keyid: str, tree: dict[str, Any]) -> Twin:
        original = Key.from_dict(keyid, copy.deepcopy(tree))
        keytype, scheme = original.keytype, original.scheme
        if KEY_FOR_TYPE_AND_SCHEME.get((keytype, scheme)) is not SSlibKey:
            raise CannotMake(f"nobody can make another key of type {keytype} ({scheme})")
        public, write = read_public(keytype, original.keyval["public"])
        private = self._private_for(public, keytype, scheme)
        text = write(private.public_key())
        twin = {**copy.deepcopy(tree), "keyval": {**tree["keyval"], "public": text}}
        new_id = _id_made_alike(keyid, tree, twin)
        try:
            signer = CryptoSigner(private, SSlibKey(new_id, keytype, scheme, {"public": text}))
        except ValueError as error:
            raise CannotMake(f"it is not of its type and scheme ({error})") from error
        return Twin(original=original, keyid=new_id, tree=twin, signer=signer)

    def _private_for(self, public: PublicKeyTypes, keytype: str, scheme: str) -> PrivateKeyTypes:
        """Return the private key for a real one, the same however and wherever it is written."""
        material = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if material not in self._private:
            self._count(public)
            self._private[material] = make_like(public, keytype=keytype, scheme=scheme)
        return self._private[material]

    def _count(self, public: PublicKeyTypes) -> None:
        if isinstance(public, RSAPublicKey):
            self._rsa_units += (public.key_size / _RSA_UNIT) ** 4
        if self._rsa_units > _MOST_RSA_UNITS:
            raise CannotMake("making so many and so large RSA keys takes too long")


def _id_made_alike(keyid: str, key: dict[str, Any], twin: dict[str, Any]) -> str:
    """Return the twin's id: made over the same fields, or the key's own if it is made over none."""
    without_custom = [name for name in key if name not in FIELD_MEANINGS]
    for fields in (list(key), without_custom, _PLAIN_FIELDS):
        if keyid == _digest(key, fields):
            return _digest(twin, fields)
    return keyid


def _digest(key: dict[str, Any], fields: Iterable[str]) -> str:
    chosen = {name: key[name] for name in fields}
    return hashlib.sha256(canonical_json(chosen)).hexdigest()
