"""Key ids, and when two keys are one key."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner, Key, SigstoreKey, SSlibKey
from tests.support.sample import key_for, keyid_of

from tufline.repository.format import (
    content_keyid,
    is_sigstore_key,
    is_supported_key,
    key_material,
)

ED25519 = Ed25519PrivateKey.generate().public_key()


def changed(key: Key, **parts: object) -> Key:
    tree = json.loads(json.dumps(key.to_dict()))
    return SSlibKey.from_dict(key.keyid, {**tree, **parts})


def sigstore(identity: str = "eve@example.org") -> Key:
    keyval = {"identity": identity, "issuer": "https://accounts.example.org"}
    return SigstoreKey("ab", "sigstore-oidc", "Fulcio", keyval)


def test_key_id_is_the_hash_of_the_content() -> None:
    key = key_for("@alice")
    assert content_keyid(key) == keyid_of(key) == key.keyid


def test_key_id_covers_the_custom_fields() -> None:
    key = key_for("@alice")
    key.unrecognized_fields["x"] = 1
    assert content_keyid(key) == keyid_of(key) != key.keyid


def test_material_is_the_same_however_the_key_is_written() -> None:
    key = key_for("@alice")
    public = key.keyval["public"]
    for written in (public.rstrip("\n"), public + "\n", public.replace("\n", "\r\n")):
        assert key_material(changed(key, keyval={"public": written})) == key_material(key)


def test_material_does_not_depend_on_id_owner_or_name_of_the_type() -> None:
    key = key_for("@alice")
    twin = changed(key, keytype="ecdsa-sha2-nistp256", **{"x-tuf-on-ci-keyowner": "@bob"})
    twin.keyid = "other"
    assert key_material(twin) == key_material(key) is not None


def test_ed25519_in_upper_case_is_the_same_key() -> None:
    key = SSlibKey.from_crypto(ED25519)
    upper = changed(key, keyval={"public": key.keyval["public"].upper()})
    assert key_material(upper) == key_material(key) == key.keyval["public"]


def test_rsa_key_is_read_under_every_rsa_scheme() -> None:
    key = SSlibKey.from_crypto(generate_rsa(65537, 2048).public_key())
    twin = changed(key, scheme="rsa-pkcs1v15-sha512")
    assert key_material(twin) == key_material(key) is not None


def test_different_keys_have_different_material() -> None:
    found = {key_material(key_for(name)) for name in ("@alice", "@alice#2", "@bob")}
    assert len(found) == 3
    assert None not in found


def test_key_of_another_type_or_scheme_than_stated_has_no_material() -> None:
    p384 = SSlibKey.from_crypto(generate_ec(SECP384R1()).public_key())
    as_p256 = changed(key_for("@alice"), keyval={"public": p384.keyval["public"]})
    assert key_material(p384) is not None
    assert key_material(as_p256) is None
    pem = ED25519.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert key_material(changed(key_for("@alice"), keyval={"public": pem})) is None


@pytest.mark.parametrize("public", ["", "x", "\0", "-----BEGIN PUBLIC KEY-----\n", "é" * 64])
@pytest.mark.parametrize("kind", ["ecdsa", "ed25519", "rsa"])
def test_bytes_that_are_no_key_have_no_material(kind: str, public: str) -> None:
    schemes = {"ecdsa": "ecdsa-sha2-nistp256", "ed25519": "ed25519", "rsa": "rsassa-pss-sha256"}
    assert key_material(SSlibKey("ab", kind, schemes[kind], {"public": public})) is None


def test_private_key_is_no_public_key() -> None:
    private = CryptoSigner.generate_ecdsa().private_bytes.decode()
    assert key_material(changed(key_for("@alice"), keyval={"public": private})) is None


def test_sigstore_identity_is_compared_as_text() -> None:
    assert is_sigstore_key(sigstore())
    assert not is_sigstore_key(key_for("@alice"))
    assert key_material(sigstore()) == "eve@example.org https://accounts.example.org"
    assert key_material(sigstore("x@example.org")) != key_material(sigstore())


def test_supported_keys() -> None:
    assert is_supported_key("ecdsa", "ecdsa-sha2-nistp256")
    assert is_supported_key("ed25519", "ed25519")
    assert is_supported_key("rsa", "rsassa-pss-sha256")
    assert is_supported_key("sigstore-oidc", "Fulcio")
    assert not is_supported_key("ecdsa", "ed25519")
    assert not is_supported_key(None, None)
