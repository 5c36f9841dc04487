import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from securesystemslib.signer import Key, SSlibKey
from tests.support.judging import judge, said
from tests.support.sample import Sample, keyid_of

RULE = "key-material"
ED25519 = SSlibKey.from_crypto(ed25519.Ed25519PrivateKey.generate().public_key())
P384 = SSlibKey.from_crypto(ec.generate_private_key(ec.SECP384R1()).public_key())
RSA = SSlibKey.from_crypto(rsa.generate_private_key(65537, 2048).public_key())


def with_key(keytype: str, scheme: str, public: str) -> Sample:
    key = SSlibKey("", keytype, scheme, {"public": public}, {"x-tuf-on-ci-keyowner": "@eve"})
    key.keyid = keyid_of(key)
    sample = Sample()
    sample.edit("targets", lambda targets: targets.add_key(key, "npm"))
    return sample


BAD = {
    "no_pem": ("ecdsa", "ecdsa-sha2-nistp256", "not a key"),
    "other_curve": ("ecdsa", "ecdsa-sha2-nistp256", P384.keyval["public"]),
    "rsa_as_ecdsa": ("ecdsa", "ecdsa-sha2-nistp256", RSA.keyval["public"]),
    "ecdsa_as_rsa": ("rsa", "rsassa-pss-sha256", P384.keyval["public"]),
    "ed25519_too_short": ("ed25519", "ed25519", "00"),
    "ed25519_with_blanks": ("ed25519", "ed25519", ED25519.keyval["public"] + " "),
    "ed25519_in_capitals": ("ed25519", "ed25519", "AB" + ED25519.keyval["public"][2:]),
}


@pytest.mark.parametrize(("keytype", "scheme", "public"), BAD.values(), ids=BAD.keys())
def test_a_new_key_that_does_not_load_is_refused(keytype: str, scheme: str, public: str) -> None:
    event = with_key(keytype, scheme, public)

    assert said(judge(Sample(), event), RULE) == [
        (
            f"error targets: the key of @eve cannot be loaded as {keytype} with scheme {scheme};"
            " replace it"
        )
    ]


def test_known_good_s_own_is_a_notice() -> None:
    base = with_key(*BAD["no_pem"])
    event = base.copy()
    event.edit("targets")

    lines = said(judge(base, event), RULE)

    assert [line.partition(":")[0] for line in lines] == ["notice targets"]


@pytest.mark.parametrize("key", [ED25519, P384, RSA], ids=lambda key: key.scheme)
def test_keys_of_each_kind_load(key: Key) -> None:
    event = with_key(key.keytype, key.scheme, key.keyval["public"])

    assert said(judge(Sample(), event), RULE) == []
