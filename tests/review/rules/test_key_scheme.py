from cryptography.hazmat.primitives.asymmetric import ec
from securesystemslib.signer import SSlibKey
from tests.support.judging import judge, said
from tests.support.sample import Sample, keyid_of

RULE = "key-scheme"


def with_p384() -> Sample:
    key = SSlibKey.from_crypto(ec.generate_private_key(ec.SECP384R1()).public_key())
    key.unrecognized_fields["x-tuf-on-ci-keyowner"] = "@eve"
    key.keyid = keyid_of(key)
    sample = Sample()
    sample.edit("targets", lambda targets: targets.add_key(key, "npm"))
    return sample


def test_a_new_key_that_not_every_client_knows_is_a_notice() -> None:
    assert said(judge(Sample(), with_p384()), RULE) == [
        (
            "notice targets: the new key of @eve has scheme ecdsa-sha2-nistp384, which not all TUF"
            " clients support; test with yours before you sign"
        )
    ]


def test_a_key_that_is_there_already_is_not_mentioned() -> None:
    base = with_p384()
    event = base.copy()
    event.edit("targets")

    assert said(judge(base, event), RULE) == []
