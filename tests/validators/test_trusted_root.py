from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from cryptography.x509 import load_der_x509_certificate
from tests.support.sigstore._certificates import new_authority
from tests.validators.documents import ENDED, MADE, NOW, START, b64, instance, put, root_problems

from tufline.repository.validators import Subject
from tufline.repository.validators.sigstore import validate_trusted_root

KEY = ("tlogs", 1, "publicKey")
CHAIN = ("timestampAuthorities", 0, "certChain", "certificates")
WRONG_ID = b64(bytes(32))
OTHER = new_authority("other", start=MADE).der


def test_a_sound_file_has_no_problem() -> None:
    assert root_problems() == ()


def drop(member: str) -> Any:  # noqa: ANN401 - a change
    return lambda tree: tree.pop(member)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("mediaType", value="text/plain"), "mediaType: Input should be"),
        (put("tlog", value=[]), "tlog is no member that clients know; correct its name"),
        (drop("ctlogs"), "ctlogs is missing; add it"),
        (put("ctlogs", value=[]), "ctlogs: Tuple should have at least 1 item"),
        (put("tlogs", 1, "baseUrl", value="rekor"), "tlogs[1].baseUrl: is not a URL such as"),
        (put(*KEY, "rawBytes", value="%"), "tlogs[1].publicKey.rawBytes: is not base64"),
        (put(*KEY, "rawBytes", value=7), "tlogs[1].publicKey.rawBytes: is not base64 of anything"),
        (put(*KEY, "validFor", "start", value="soon"), "publicKey.validFor.start: is not a time"),
        (put(*KEY, "validFor", "start", value=1), "publicKey.validFor.start: is not a time"),
        (put(*KEY, "validFor", "start", value="2026-01-01T00:00:00"), "is not a time such as"),
        (put(*KEY, "rawBytes", value=b64(b"no")), "tlogs[1].publicKey.rawBytes is no public key"),
        (put(*KEY, "keyDetails", value="PKIX_ECDSA_P256_SHA_256"), "but the key is an Ed25519 key"),
        (put("tlogs", 1, "logId", "keyId", value=WRONG_ID), f"tlogs[1].logId.keyId is {WRONG_ID}"),
        (put("tlogs", 1, "baseUrl", value="https://typo.example.org"), "tlogs[1].logId.keyId is"),
        (put("ctlogs", 0, "logId", "keyId", value=WRONG_ID), "ctlogs[0].logId.keyId is"),
        (lambda t: t["tlogs"].append(t["tlogs"][1]), "tlogs[2].baseUrl is that of tlogs[1] too"),
        (
            lambda t: t["tlogs"].append({**t["tlogs"][1], "baseUrl": "https://new.example.org"}),
            "tlogs[2].publicKey is that of tlogs[1] too",
        ),
        (
            lambda t: t["certificateAuthorities"].append(t["certificateAuthorities"][0]),
            "certificateAuthorities[1].certChain is that of certificateAuthorities[0] too",
        ),
        (put(*CHAIN, 1, "rawBytes", value=b64(b"no")), "certificates[1] is no certificate"),
        (put(*CHAIN, 1, "rawBytes", value=b64(OTHER)), "is not issued by the certificate after"),
        (lambda t: t["timestampAuthorities"][0]["certChain"]["certificates"].pop(), "self-signed"),
        (
            lambda t: t["timestampAuthorities"][0]["certChain"]["certificates"].reverse(),
            "certChain.certificates[0] is not issued by the certificate after it",
        ),
        (
            put("timestampAuthorities", 0, "validFor", "start", value="2020-01-01T00:00:00Z"),
            "but the chain is valid from 2025-04-25T12:00:00Z only; start then or later",
        ),
        (
            put("timestampAuthorities", 0, "validFor", "end", value="2099-01-01T00:00:00Z"),
            "timestampAuthorities[0].validFor.end is 2099-01-01T00:00:00Z, but the chain expires",
        ),
        (
            put(*KEY, "validFor", "end", value="2020-01-01T00:00:00Z"),
            "tlogs[1].publicKey.validFor ends at 2020-01-01T00:00:00Z, before it starts",
        ),
        (
            put(*KEY, "validFor", "start", value="2026-02-01T00:00:00Z"),
            "tlogs has none that is valid from 2025-11-21T12:00:00Z to 2026-02-01T00:00:00Z",
        ),
        (
            put(*KEY, "validFor", "end", value="2026-02-01T00:00:00Z"),
            "tlogs has none that is valid now; add one",
        ),
    ],
)
def test_each_defect_is_named_with_its_place(change: Any, expected: str) -> None:  # noqa: ANN401 - a change
    problems = root_problems(change)
    assert [each for each in problems if expected in each], problems
    assert all("; " in each for each in problems), "each says what to do"


def test_the_id_of_an_ed25519_log_may_be_the_digest_of_its_key() -> None:
    digest = put("tlogs", 1, "logId", "keyId", value=b64(sha256(instance().logs[1].spki).digest()))
    assert root_problems(digest) == ()


def test_a_checkpoint_key_id_is_that_of_the_key_or_its_begin() -> None:
    whole = instance().logs[1].log_id
    for key_id in (whole, whole[:4]):
        member = {"keyId": b64(key_id)}
        assert root_problems(put("tlogs", 1, "checkpointKeyId", value=member)) == ()
    wrong = put("tlogs", 1, "checkpointKeyId", value={"keyId": b64(b"1234")})
    assert "tlogs[1].checkpointKeyId.keyId is MTIzNA==" in root_problems(wrong)[0]


def test_windows_that_meet_at_midnight_leave_no_gap() -> None:
    def change(tree: Any) -> None:  # noqa: ANN401 - JSON
        tree["tlogs"][0]["publicKey"]["validFor"]["end"] = "2025-12-31T23:59:59.999Z"
        tree["tlogs"][1]["publicKey"]["validFor"]["start"] = "2026-01-01T00:00:00Z"

    assert root_problems(change) == ()


def test_an_authority_keeps_its_url_when_it_gets_new_certificates() -> None:
    fresh = new_authority("fulcio", start=MADE).der
    first = instance().authorities[0]

    def change(tree: Any) -> None:  # noqa: ANN401 - JSON
        (only,) = tree["certificateAuthorities"]
        chain = {"certificates": [{"rawBytes": b64(fresh)}]}
        tree["certificateAuthorities"].append({**only, "uri": first.url, "certChain": chain})

    assert root_problems(change) == ()


def test_an_expired_chain_is_not_valid_now() -> None:
    later = NOW + timedelta(days=4000)
    problems = root_problems(now=later)
    assert problems == (
        "certificateAuthorities has none that is valid now; add one, or correct a validFor",
        "timestampAuthorities has none that is valid now; add one, or correct a validFor",
    )


def test_an_end_that_main_has_is_not_lost() -> None:
    before = instance().trusted_root()
    lost = put("tlogs", 0, "publicKey", "validFor", value={"start": "2025-05-05T12:00:00Z"})
    ended = "tlogs[0].publicKey.validFor.end is gone, but main has ended it at 2025-11-21T12:00:00Z"
    assert root_problems(lost, before=before) == (
        f"{ended}; begin with main's file, and put the end back",
    )
    assert root_problems(lost) == (), "nobody can know without main's file"
    assert root_problems(lost, before=b"{}") == (), "main's file may be anything"


def test_an_end_in_the_past_may_be_corrected() -> None:
    corrected = put("tlogs", 0, "publicKey", "validFor", "end", value="2025-12-01T00:00:00Z")
    assert root_problems(corrected, before=instance().trusted_root()) == ()


def pem(spki: bytes) -> bytes:
    return load_der_public_key(spki).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_key_files_beside_it_agree() -> None:
    certificates = [load_der_x509_certificate(each) for each in instance().stampers[0].chain]
    files = {
        "rekor.pub": pem(instance().logs[0].spki),
        "ctfe_2026.pub": pem(instance().ct_logs[0].spki),
        "tsa.crt.pem": b"".join(each.public_bytes(Encoding.PEM) for each in certificates),
        "artifact.pub": b"another key",
    }
    assert root_problems(files=files) == ()
    files["ctfe_2026.pub"], files["rekor.pub"] = files["rekor.pub"], b"nonsense"
    files["fulcio.crt.pem"] = files["tsa.crt.pem"]
    lacks = "of the trusted root lacks; correct the file, or add the key there"
    assert root_problems(files=files) == (
        f"ctfe_2026.pub holds a key that ctlogs {lacks}",
        f"fulcio.crt.pem holds a key that certificateAuthorities {lacks}",
        "rekor.pub holds neither a public key nor a certificate in PEM; copy it anew",
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[]", b"null", b"{}", b'{"tlogs": 1}', b"[" * 100_000, b'{"a": 1, "a": 2}'],
)
def test_whatever_is_there_is_an_answer(data: bytes) -> None:
    subject = Subject(artifact="trusted_root.json", data=data, now=NOW)
    assert validate_trusted_root(subject)


def test_the_dates_of_this_file_are_what_the_tests_say() -> None:
    assert (START.isoformat()[:10], ENDED.isoformat()[:10]) == ("2025-05-05", "2025-11-21")
