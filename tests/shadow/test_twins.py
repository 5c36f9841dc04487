"""The twins of keys: of the same type and form, with an id made the same way, one for each key."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, CryptoSigner, SSlibKey

from tufline.repository.format import RoleName
from tufline.repository.shadow import CannotShadow
from tufline.repository.shadow._twins import Twin, Twins

ROLE = RoleName("root")
OWNER = {"x-tuf-on-ci-keyowner": "@alice"}
SCHEMES = [
    pair
    for pair, kind in KEY_FOR_TYPE_AND_SCHEME.items()
    if kind is SSlibKey and "ml-dsa" not in pair
]


def digest(tree: dict[str, Any]) -> str:
    return hashlib.sha256((encode_canonical(tree) or "").encode()).hexdigest()


def public_text(keytype: str, scheme: str) -> str:
    """Return the public part of a new key."""
    if keytype == "rsa":
        signer = CryptoSigner.generate_rsa(size=2048, scheme=scheme)
    elif keytype == "ed25519":
        signer = CryptoSigner.generate_ed25519()
    else:
        signer = CryptoSigner.generate_ecdsa(scheme=scheme)
    return str(signer.public_key.keyval["public"])


def key(keytype: str, scheme: str, text: str, **further: object) -> dict[str, Any]:
    return {"keytype": keytype, "scheme": scheme, "keyval": {"public": text}, **further}


def ecdsa(text: str | None = None, **further: object) -> dict[str, Any]:
    scheme = "ecdsa-sha2-nistp256"
    return key("ecdsa", scheme, text or public_text("ecdsa", scheme), **{**OWNER, **further})


def verifies(twin: Twin) -> bool:
    """Whether clients verify the twin's signatures by what its metadata says."""
    read = SSlibKey.from_dict(twin.keyid, json.loads(json.dumps(twin.tree)))
    read.verify_signature(twin.signer.sign(b"payload"), b"payload")
    return twin.sign(b"payload") != ""


@pytest.mark.filterwarnings("ignore:keytype 'ecdsa-sha2-nistp")  # deprecated, and still in use
@pytest.mark.parametrize(("keytype", "scheme"), SCHEMES)
def test_type_and_scheme_stay_and_the_twin_signs(keytype: str, scheme: str) -> None:
    tree = key(keytype, scheme, public_text(keytype, scheme), **OWNER)

    twin = Twins().of(digest(tree), tree, ROLE)

    assert twin.keyid == digest(twin.tree) != digest(tree)
    assert {**twin.tree, "keyval": 0} == {**tree, "keyval": 0}
    assert twin.tree["keyval"]["public"] != tree["keyval"]["public"]
    assert verifies(twin)


@pytest.mark.parametrize("scheme", ["ml-dsa-44/1", "ml-dsa-65/1", "ml-dsa-87/1"])
def test_post_quantum_keys_have_twins(scheme: str) -> None:
    tree = dict(CryptoSigner.generate_mldsa(scheme=scheme).public_key.to_dict())

    twin = Twins().of(digest(tree), tree, ROLE)

    assert twin.tree["scheme"] == scheme
    assert verifies(twin)


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_rsa_keys_keep_their_size(bits: int) -> None:
    text = CryptoSigner.generate_rsa(size=bits).public_key.keyval["public"]
    tree = key("rsa", "rsassa-pss-sha256", text)

    twin = Twins().of(digest(tree), tree, ROLE)

    assert len(twin.sign(b"")) == bits // 4


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def _no_newline(text: str) -> str:
    return text.rstrip()


def _two_newlines(text: str) -> str:
    return text + "\n"


@pytest.mark.parametrize("form", [_crlf, _no_newline, _two_newlines])
def test_pem_keeps_its_line_ends(form: Callable[[str], str]) -> None:
    text = form(public_text("ecdsa", "ecdsa-sha2-nistp256"))

    twin = Twins().of("a" * 64, ecdsa(text), ROLE).tree["keyval"]["public"]

    spaces = [char for char in text if char.isspace()]
    assert [char for char in twin if char.isspace()] == spaces
    assert len(twin) == len(text)


def test_older_header_of_rsa_keys_stays() -> None:
    public = rsa.generate_private_key(65537, 2048).public_key()
    text = public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()

    twin = Twins().of("a" * 64, key("rsa", "rsassa-pss-sha256", text), ROLE)

    assert twin.tree["keyval"]["public"].startswith("-----BEGIN RSA PUBLIC KEY-----\n")
    assert verifies(twin)


def test_capital_hex_stays() -> None:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex().upper()

    twin = Twins().of("a" * 64, key("ed25519", "ed25519", raw), ROLE)

    assert twin.tree["keyval"]["public"].isupper()


def test_id_without_custom_fields_is_made_without_them() -> None:
    tree = ecdsa(keyid_hash_algorithms=["sha256", "sha512"])
    plain = {name: value for name, value in tree.items() if name not in OWNER}
    barest = {name: tree[name] for name in ("keytype", "scheme", "keyval")}
    twins = Twins()

    for given in (plain, barest):
        twin = twins.of(digest(given), tree, ROLE)
        assert twin.keyid == digest({name: twin.tree[name] for name in given})
        assert twin.tree["x-tuf-on-ci-keyowner"] == "@alice"


def test_id_that_does_not_match_its_content_stays_wrong() -> None:
    wrong = digest(ecdsa())
    tree = ecdsa()

    twin = Twins().of(wrong, tree, ROLE)

    assert twin.keyid == wrong
    assert wrong not in {digest(twin.tree), digest({**tree, "keyval": twin.tree["keyval"]})}


def test_one_key_has_one_twin_however_it_is_written() -> None:
    text = public_text("ecdsa", "ecdsa-sha2-nistp256")
    twins = Twins()

    one = twins.of("1" * 64, ecdsa(text), ROLE)
    other = twins.of("2" * 64, ecdsa(text.rstrip(), note="of a role"), RoleName("npm"))

    ours, theirs = one.tree["keyval"]["public"], other.tree["keyval"]["public"]
    assert ours.rstrip() == theirs
    assert ours != theirs


def test_two_keys_have_two_twins() -> None:
    twins = Twins()

    found = {twins.of(str(each) * 64, ecdsa(), ROLE).tree["keyval"]["public"] for each in range(5)}

    assert len(found) == 5


def _of_another_curve() -> dict[str, Any]:
    public = ec.generate_private_key(ec.SECP384R1()).public_key()
    text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return ecdsa(text)


def _sigstore() -> dict[str, Any]:
    keyval = {"identity": "alice@example.org", "issuer": "https://example.org"}
    return {"keytype": "sigstore-oidc", "scheme": "Fulcio", "keyval": keyval}


def _huge() -> dict[str, Any]:
    numbers = rsa.RSAPublicNumbers(65537, (1 << 16383) + 1)
    text = numbers.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key("rsa", "rsassa-pss-sha256", text.decode())


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (_sigstore(), "sigstore-oidc"),
        (_of_another_curve(), "not of its type and scheme"),
        (_huge(), "takes too long"),
        (ecdsa("-----BEGIN PUBLIC KEY-----"), "cannot be read"),
        (ecdsa("x" * 30_000), "30000 characters"),
        (key("ed25519", "ed25519", "aB" * 32), "form of its own"),
        (key("rsa", "pgp+rsa-pkcsv1.5", ""), "pgp+rsa-pkcsv1.5"),
    ],
    ids=["sigstore", "curve", "huge", "garbage", "long", "form", "gpg"],
)
def test_key_that_cannot_be_made_is_named_with_its_role(tree: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotShadow) as caught:
        Twins().of("b" * 64, tree, RoleName("npm"))

    assert said in str(caught.value)
    assert f"npm has key {'b' * 64}" in str(caught.value)


def test_rsa_keys_are_made_within_bounds() -> None:
    twins = Twins()
    twins._rsa_units = 599.5  # noqa: SLF001 - as many as 599 such keys count
    tree = key("rsa", "rsassa-pss-sha256", public_text("rsa", "rsassa-pss-sha256"))

    with pytest.raises(CannotShadow, match="takes too long"):
        twins.of("c" * 64, tree, ROLE)
