"""Attestations of the sample's keys, by a vendor of these tests, as files of an event."""

import textwrap
from base64 import b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from tests.support.sample import Sample, key_for
from tests.support.yubikey import Authority, Device, PinPolicy, TouchPolicy, Vendor
from tuf.api.metadata import Root

VENDORS = "vendors.pem"
SETTINGS = f'[keys]\nattestation-vendors = ["{VENDORS}"]\n'.encode()
PROVEN = (
    "the key of @bob was made in a YubiKey 5.4.3, serial 15835999, PIN: once per session, touch: "
    "for each signature; attested by CN=Vendor PIV Root CA Serial 1"
)


@cache
def vendor() -> Vendor:
    """Return the one vendor that main trusts."""
    return Vendor()


@cache
def device(maker: Vendor | None = None) -> Authority:
    """Return a device of the vendor, always the same."""
    return (maker or vendor()).make()


def attestation_of(
    person: str, *, at: str | None = None, maker: Vendor | None = None
) -> dict[str, bytes]:
    """Return the file of what a device says of a person's key; `at` names another key's file."""
    return {path_of(at or person): _said_of(person, maker)}


def path_of(person: str) -> str:
    """Return where the attestation of a person's key lies."""
    return f"metadata/.attestations/{key_for(person).keyid}.pem"


def trusting(main: Sample) -> Sample:
    """Return `main` with the vendor's certificate, which its settings name."""
    main.files |= {"tufline.toml": main.files.get("tufline.toml", b"") + SETTINGS}
    main.files |= {VENDORS: vendor().root.pem}
    return main


def replace_bob(root: Root) -> None:
    """Put @bob's second key in the place of the first, for root and targets."""
    for role in ("root", "targets"):
        root.revoke_key(key_for("@bob").keyid, role)
        root.add_key(key_for("@bob#2"), role)


@cache
def _said_of(person: str, maker: Vendor | None) -> bytes:
    key = key_for(person)
    public = load_pem_public_key(key.to_dict()["keyval"]["public"].encode())
    if not isinstance(public, EllipticCurvePublicKey):
        raise TypeError(person)
    policy = (PinPolicy.ONCE, TouchPolicy.ALWAYS)
    made_in = device(maker)
    says = made_in.attest(0x9C, public, device=Device(), policy=policy)
    return _pem(made_in.der) + _pem(says)


def _pem(der: bytes) -> bytes:
    text = "\n".join(textwrap.wrap(b64encode(der).decode(), 64))
    return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n".encode()
