"""What is inside of a changed artifact, for people: values, lines, certificates, keys."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import assume, given
from hypothesis import strategies as st

from tufline.repository.changes import (
    ABSENT,
    Certificate,
    Changes,
    DecodedInside,
    FileChange,
    Inside,
    LineInside,
    NotShown,
    OtherForm,
    PublicKey,
    ValueInside,
    changes_between,
)
from tufline.repository.report import html, markdown, terminal
from tufline.repository.review import Ready, Review
from tufline.repository.state import Kind, MemoryFiles, State

BEGINS = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
SPKI = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PEM_KEY = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def certificate(subject: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    return (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=KEY.public_key())
        .serial_number(7)
        .not_valid_before(BEGINS)
        .not_valid_after(BEGINS + timedelta(days=1))
        .sign(KEY, SHA256())
    )


def told(made: x509.Certificate, subject: str) -> Certificate:
    return Certificate(
        subject=f"CN={subject}",
        issuer=f"CN={subject}",
        begins=BEGINS,
        ends=BEGINS + timedelta(days=1),
        key="EC secp256r1",
        sha256=hashlib.sha256(made.public_bytes(Encoding.DER)).hexdigest(),
    )


def changed(before: bytes | None, after: bytes | None) -> FileChange:
    base, event = (
        State(MemoryFiles({} if data is None else {"targets/file": data}))
        for data in (before, after)
    )
    (found,) = changes_between(base, event).files
    return found


def inside(before: bytes | None, after: bytes | None) -> tuple[Inside, ...]:
    return changed(before, after).inside


def shown(before: bytes | None, after: bytes | None) -> str:
    """Return the terminal's report without its line breaks."""
    review = Review(roles=(), findings=(), verdict=Ready())
    report = terminal(review, Changes(files=(changed(before, after),)))
    return " ".join(report.split())


def test_json_is_compared_value_by_value() -> None:
    before, after = {"a": 1, "b": {"c": [1, 2]}}, {"b": {"c": [1, 3]}, "d": True}

    assert inside(json.dumps(before).encode(), json.dumps(after).encode()) == (
        ValueInside(path=("a",), before=1, after=ABSENT),
        ValueInside(path=("b", "c", 1), before=2, after=3),
        ValueInside(path=("d",), before=ABSENT, after=True),
    )


def test_new_json_and_json_that_goes_are_shown_whole() -> None:
    assert inside(None, b'{"a": [1]}') == (ValueInside(path=("a", 0), before=ABSENT, after=1),)
    assert inside(b'{"a": [1]}', None) == (ValueInside(path=("a", 0), before=1, after=ABSENT),)


def test_the_same_json_in_another_form_is_said_to_be_that() -> None:
    assert inside(b'{"a": 1, "b": 2}', b'{"b":2,"a":1}') == (OtherForm(),)


@pytest.mark.parametrize("json", [b'{"a": 1, "a": 2}', b'{"a": 1.5}', b"12", b'"text"', b"{"])
def test_what_two_readers_may_understand_differently_is_compared_as_text(json: bytes) -> None:
    assert inside(None, json) == (LineInside(is_new=True, number=1, text=json.decode()),)


def test_text_is_compared_line_by_line() -> None:
    assert inside(b"one\ntwo\nthree\n", b"one\n2\nthree\nfour\n") == (
        LineInside(is_new=False, number=2, text="two\n"),
        LineInside(is_new=True, number=2, text="2\n"),
        LineInside(is_new=True, number=4, text="four\n"),
    )


def test_line_ends_that_nobody_sees_are_spelled_out() -> None:
    text = shown(b"one\n", b"one\r\n")
    assert 'line 1 is gone: "one"' in text
    assert 'line 1 is new: "one\\r"' in text
    assert 'line 1 is new: "one" (without a line end)' in shown(b"one\n", b"one")


def test_certificates_and_keys_are_decoded_wherever_they_are() -> None:
    made = certificate("log")
    der, pem = (made.public_bytes(form) for form in (Encoding.DER, Encoding.PEM))
    said = told(made, "log")
    key = PublicKey(key="EC secp256r1", sha256=hashlib.sha256(SPKI).hexdigest())

    assert inside(None, der) == (DecodedInside(is_new=True, path=(), what=said),)
    assert inside(None, SPKI) == (DecodedInside(is_new=True, path=(), what=key),)
    both = [each.what for each in inside(None, pem + PEM_KEY) if isinstance(each, DecodedInside)]
    assert both == [said, key]
    in_json = json.dumps({"log": [{"rawBytes": base64.b64encode(der).decode()}]}).encode()
    place = ("log", 0, "rawBytes")
    assert inside(in_json, b"{}")[-1] == DecodedInside(is_new=False, path=place, what=said)


def test_certificate_that_stays_in_a_bundle_is_no_news() -> None:
    old, new = (certificate(name).public_bytes(Encoding.PEM) for name in ("old", "new"))

    decoded = [each for each in inside(old, old + new) if isinstance(each, DecodedInside)]

    assert [(each.is_new, each.what.sha256) for each in decoded] == [
        (True, told(certificate_of(new), "new").sha256)
    ]


def certificate_of(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def test_certificate_is_told_in_words_everywhere() -> None:
    made = certificate("log, <b>")
    change = changed(None, made.public_bytes(Encoding.DER))
    review = Review(roles=(), findings=(), verdict=Ready())
    for medium in (terminal, markdown, html):
        text = " ".join(medium(review, Changes(files=(change,))).split())
        assert "valid from 2026-01-02 03:04:05 UTC until 2026-01-03 03:04:05 UTC" in text
        assert "<b>" not in text.replace("`", "") or medium is not html
    assert "CN=log" in shown(None, made.public_bytes(Encoding.DER))


def test_binary_content_is_told_by_size_and_digest_alone() -> None:
    assert inside(b"\0\1", b"\0\2") == ()
    assert inside(None, b"\xff\xfe") == ()
    assert inside(None, bytes(range(1, 32)) * 3) == ()


def test_what_is_left_out_is_said() -> None:
    many = b"".join(b"%d\n" % number for number in range(1000))

    assert inside(None, many)[-1] == NotShown(more=600)
    assert "600 more that are not shown" in shown(None, many)
    assert inside(None, b"x\n" * 3001) == (NotShown(more=None),)
    assert inside(b"a", b"x" * 1_000_001) == (NotShown(more=None),)
    assert "too much to be shown here" in shown(b"a", b"x" * 1_000_001)
    assert inside(b"a", b"\0" * 1_000_001) == inside(b"\xff" * 1_000_001, None) == ()


def test_of_very_many_files_the_first_are_looked_into() -> None:
    event = State(MemoryFiles({f"targets/{number:03}": b"x" for number in range(101)}))

    found = changes_between(State(MemoryFiles({})), event).files

    assert found[99].inside == (LineInside(is_new=True, number=1, text="x"),)
    assert found[100].inside == (NotShown(more=None),)


def test_links_have_no_inside() -> None:
    event = State(MemoryFiles({"targets/a": b"b\n"}, {"targets/a": Kind.SYMLINK}))

    (found,) = changes_between(State(MemoryFiles({"targets/a": b"a\n"})), event).files

    assert found.inside == (LineInside(is_new=False, number=1, text="a\n"),)


def test_lines_that_come_again_and_again_are_compared_too() -> None:
    old = b"".join(b"%d\n" % (number % 40) for number in range(3000))
    new = b"".join(b"%d\n" % (number * 7 % 41) for number in range(3000))

    found = inside(old, new)

    assert isinstance(found[-1], NotShown)


@given(st.binary(), st.binary())
def test_any_bytes_have_an_answer_that_every_medium_shows(before: bytes, after: bytes) -> None:
    if before != after:
        assert "targets/file" in shown(before, after)


texts = st.text("ab \t\r\u200b\n", min_size=1, max_size=30)


@given(texts, texts, texts)
def test_two_texts_never_look_the_same(base: str, one: str, other: str) -> None:
    assume(len({base, one, other}) == 3)

    assert shown(base.encode(), one.encode()) != shown(base.encode(), other.encode())
