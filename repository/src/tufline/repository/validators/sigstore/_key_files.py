"""Stand-alone key files beside a trusted root, for older clients: do they agree with it?

They are known by their names, as Sigstore's own repository has them: `rekor.pub`, `ctfe_2022.pub`,
`fulcio_v1.crt.pem`, `tsa_root.crt.pem`. Other keys, such as of releases, are left alone.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from tufline.repository.validators.sigstore._keys import load_key, spki
from tufline.repository.validators.sigstore._models import TrustedRoot

_NAMES: Final = re.compile(r"(rekor|ctfe|fulcio|tsa)[._0-9a-zA-Z-]*\.(pub|pem|crt)")
_MEMBERS: Final = {
    "rekor": "tlogs",
    "ctfe": "ctlogs",
    "fulcio": "certificateAuthorities",
    "tsa": "timestampAuthorities",
}
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"


def is_key_file(name: str) -> bool:
    """Whether a file of that name holds a key that the trusted root has too."""
    return _NAMES.fullmatch(name) is not None


def key_file_problems(root: TrustedRoot, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield which key files do not agree with the trusted root beside them."""
    for name, data in sorted(files.items()):
        found = _NAMES.fullmatch(name)
        if found is None:
            continue
        keys = _keys_in(data)
        if keys is None:
            yield f"{name} holds neither a public key nor a certificate in PEM; copy it anew"
        elif not keys <= _keys_of(root, found[1]):
            yield (
                f"{name} holds a key that {_MEMBERS[found[1]]} of the trusted root lacks;"
                " correct the file, or add the key there"
            )


def _keys_of(root: TrustedRoot, kind: str) -> frozenset[bytes]:
    """Return the keys of a kind as SPKI, and the certificates as DER."""
    if kind in {"rekor", "ctfe"}:
        loaded = map(load_key, root.tlogs if kind == "rekor" else root.ctlogs)
        return frozenset(spki(key) for key in loaded if key is not None)
    authorities = root.certificate_authorities if kind == "fulcio" else root.timestamp_authorities
    chains = (each.cert_chain.certificates for each in authorities)
    return frozenset(each.raw_bytes for chain in chains for each in chain)


def _keys_in(data: bytes) -> frozenset[bytes] | None:
    try:
        if _BEGIN in data:
            found = x509.load_pem_x509_certificates(data)
            return frozenset(each.public_bytes(Encoding.DER) for each in found)
        key = load_pem_public_key(data)
        return frozenset({key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)})
    except (ValueError, UnsupportedAlgorithm):
        return None
