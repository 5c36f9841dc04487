"""What a device says of a key is believed only where the vendor's word for it holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.x509 import ObjectIdentifier, load_der_x509_certificate
from securesystemslib.signer import SSlibKey
from tests.support.yubikey import Device, PinPolicy, TouchPolicy, Vendor
from tests.support.yubikey._vendor import (
    FIRMWARE,
    POLICY,
    SERIAL,
    SINCE,
    UNTIL,
    Authority,
    extensions,
    make_root,
)

from tufline.repository import attestation as ours
from tufline.repository.attestation import (
    Attested,
    BadAttestation,
    Claims,
    read_claims,
    verify_attestation,
)
from tufline.repository.format import Attestation

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOON = NOW + timedelta(days=1)
SLOT = 0x9C
POLICIES = (PinPolicy.ALWAYS, TouchPolicy.ALWAYS)
PRIVATE = generate_private_key(SECP256R1())
PUBLIC = PRIVATE.public_key()
KEY = SSlibKey.from_crypto(PUBLIC)
VENDOR = Vendor()
DEVICE = VENDOR.make()


NO_VENDOR = "no vendor that is trusted signed slot f9's certificate, whose issuer is "
ROOT = "CN=Vendor PIV Root CA Serial 1"


def attested_by(device: Authority, *, until: datetime = UNTIL) -> Attestation:
    says = device.attest(SLOT, PUBLIC, device=Device(), policy=POLICIES, until=until)
    return Attestation(device=device.der, key=says)


GOOD = attested_by(DEVICE)


def verify(
    attestation: Attestation,
    *,
    key: SSlibKey = KEY,
    vendors: bytes = VENDOR.root.pem,
    now: datetime = NOW,
) -> Attested:
    return verify_attestation(attestation, key, vendors=vendors, now=now)


def refused(fault: str, attestation: Attestation, **other: object) -> None:
    with pytest.raises(BadAttestation) as caught:
        verify(attestation, **other)  # type: ignore[arg-type]  # as verify takes them
    assert str(caught.value) == f"the attestation is not accepted: {fault}"


def test_what_the_device_says_is_told() -> None:
    said = Claims(
        serial=15835999,
        firmware="5.4.3",
        pin=ours.PinPolicy.ALWAYS,
        touch=ours.TouchPolicy.ALWAYS,
    )
    assert verify(GOOD) == Attested(claims=said, vendor=ROOT)
    assert read_claims(GOOD, KEY) == said


def test_claims_are_of_the_key_and_of_one_device_whoever_made_that() -> None:
    nobodys = attested_by(make_root("Somebody"))
    assert read_claims(nobodys, KEY).serial == 15835999
    for attestation, key in (
        (nobodys, SSlibKey.from_crypto(generate_private_key(SECP256R1()).public_key())),
        (Attestation(device=DEVICE.der, key=nobodys.key), KEY),
        (Attestation(device=nobodys.device, key=b"x"), KEY),
    ):
        with pytest.raises(BadAttestation):
            read_claims(attestation, key)


@pytest.mark.parametrize("curve", [SECP256R1(), SECP384R1()])
def test_key_of_each_curve_is_attested(curve: EllipticCurve) -> None:
    public = generate_private_key(curve).public_key()
    says = DEVICE.attest(0x82, public, device=Device(serial=255), policy=POLICIES)
    attestation = Attestation(device=DEVICE.der, key=says)
    assert verify(attestation, key=SSlibKey.from_crypto(public)).claims.serial == 255


def test_older_devices_attest_with_rsa() -> None:
    device = VENDOR.root.issue(
        "Yubico PIV Attestation", key=rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    assert verify(attested_by(device)).claims.serial == 15835999


def test_one_of_several_vendors_and_intermediates_is_enough() -> None:
    intermediate = VENDOR.root.issue("Vendor PIV Attestation B 1")
    attestation = attested_by(intermediate.issue("Yubico PIV Attestation"))
    known = Vendor().root.pem + VENDOR.root.pem + intermediate.pem
    assert verify(attestation, vendors=known).claims.serial == 15835999
    refused(f"{NO_VENDOR}CN=Vendor PIV Attestation B 1", attestation)


def test_other_vendor_of_the_same_name_is_not_believed() -> None:
    other = Vendor().root
    assert other.certificate.subject == VENDOR.root.certificate.subject
    refused(NO_VENDOR + ROOT, GOOD, vendors=other.pem)


def test_other_device_of_the_vendor_cannot_be_shown() -> None:
    attestation = Attestation(device=VENDOR.make().der, key=GOOD.key)
    refused("slot f9 of that device did not sign it", attestation)


def test_attestation_of_another_key_is_refused() -> None:
    other = SSlibKey.from_crypto(generate_private_key(SECP256R1()).public_key())
    refused("it is of another key", GOOD, key=other)


def test_key_that_signs_no_metadata_is_refused() -> None:
    says = DEVICE.say(
        SLOT, X25519PrivateKey.generate().public_key(), extensions(Device(), POLICIES)
    )
    fault = "it is of a kind of key that does not sign metadata"
    refused(fault, Attestation(device=DEVICE.der, key=says))


def test_attested_key_cannot_attest_others() -> None:
    """Let the holder of the attested key sign an attestation of a key that is in no device."""
    holder = Authority(key=PRIVATE, certificate=load_der_x509_certificate(GOOD.key))
    forged = holder.attest(SLOT, PUBLIC, device=Device(), policy=POLICIES)
    attestation = Attestation(device=GOOD.key, key=forged)
    refused(f"{NO_VENDOR}CN=Yubico PIV Attestation", attestation)


def test_certificate_that_may_not_vouch_does_not() -> None:
    leaf = VENDOR.root.issue("something else of the vendor", ca=False)
    fault = "the certificate CN=something else of the vendor may not vouch for others"
    refused(fault, attested_by(leaf))


def test_each_certificate_must_be_valid_now() -> None:
    root = make_root("Root", until=SOON)
    dated = {
        "CN=Root": (attested_by(root.issue("Yubico PIV Attestation")), root.pem),
        "CN=Yubico PIV Attestation": (attested_by(VENDOR.make(until=SOON)), VENDOR.root.pem),
        "CN=YubiKey PIV Attestation 9c": (attested_by(DEVICE, until=SOON), VENDOR.root.pem),
    }
    for name, (attestation, vendors) in dated.items():
        assert verify(attestation, vendors=vendors, now=SOON).claims.serial == 15835999
        fault = f"the certificate {name} is not valid at this time"
        refused(fault, attestation, vendors=vendors, now=SOON + timedelta(seconds=1))
        early = SINCE - timedelta(seconds=1)
        with pytest.raises(BadAttestation, match="is not valid at this time"):
            verify(attestation, vendors=vendors, now=early)


@pytest.mark.parametrize(
    ("oid", "value", "fault"),
    [
        (FIRMWARE, None, "it does not say which firmware the device has"),
        (FIRMWARE, b"\5\4", "it does not say which firmware the device has"),
        (SERIAL, None, "it does not say which serial number the device has"),
        (SERIAL, b"\2\2\1", "it does not say which serial number the device has"),
        (SERIAL, b"\4\1\1", "it does not say which serial number the device has"),
        (POLICY, None, "it does not say when the device asks for PIN and touch"),
        (POLICY, b"\3", "it does not say when the device asks for PIN and touch"),
        (POLICY, b"\7\1", "7 is not a valid PinPolicy"),
        (POLICY, b"\3\0", "0 is not a valid TouchPolicy"),
    ],
)
def test_device_must_say_what_it_is(oid: ObjectIdentifier, value: bytes | None, fault: str) -> None:
    said = {**extensions(Device(), POLICIES), oid: value}
    kept = {name: each for name, each in said.items() if each is not None}
    refused(fault, Attestation(device=DEVICE.der, key=DEVICE.say(SLOT, PUBLIC, kept)))


def test_damage_is_named() -> None:
    refused("slot f9's certificate is damaged", Attestation(device=b"", key=GOOD.key))
    refused("the key's certificate is damaged", Attestation(device=GOOD.device, key=b"x"))
    refused("the files of vendors hold no PEM certificates", GOOD, vendors=b"")


@pytest.mark.parametrize("bit", [1, 0x80])
def test_no_bit_can_be_changed(bit: int) -> None:
    for at in _places(GOOD.device):
        with pytest.raises(BadAttestation):
            verify(Attestation(device=_flipped(GOOD.device, at, bit), key=GOOD.key))
    for at in _places(GOOD.key):
        with pytest.raises(BadAttestation):
            verify(Attestation(device=GOOD.device, key=_flipped(GOOD.key, at, bit)))


def _places(der: bytes) -> Iterator[int]:
    """Yield every byte but one: how many bits are left over after the signature, which is last."""
    left_over = len(der) - len(load_der_x509_certificate(der).signature) - 1
    yield from range(left_over)
    yield from range(left_over + 1, len(der))


def _flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
