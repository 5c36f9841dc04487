"""Each kind of online key by its URI: what it needs, and what is said where that is missing."""

from importlib.util import find_spec

import pytest
from securesystemslib.signer import Key, SSlibKey
from tests.support.sample import key_for

from tufline.online_sign._keys import KeysByUri, OnlineKeyFailed
from tufline.online_sign._signers import PIN_VARIABLE, kinds

GCP = "gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"
KINDS = [
    (GCP, "google.cloud.kms", "Google Cloud KMS", "gcp"),
    ("awskms:alias/tuf", "boto3", "AWS KMS", "aws"),
    ("azurekms://v.vault.azure.net/keys/k/1", "azure.keyvault", "Azure Key Vault", "azure"),
    ("hv:tuf/1", "hvac", "Vault or OpenBao transit", "vault"),
    ("hsm:2", "pkcs11", "PKCS#11", "hsm"),
]


def at(uri: str) -> Key:
    """Return an ECDSA key whose metadata says that it is there."""
    key = key_for("@alice")
    assert isinstance(key, SSlibKey)
    del key.unrecognized_fields["x-tuf-on-ci-keyowner"]
    key.unrecognized_fields["x-tuf-on-ci-online-uri"] = uri
    return key


def failure(uri: str) -> OnlineKeyFailed:
    with pytest.raises(OnlineKeyFailed) as caught:
        KeysByUri().sign(at(uri), b"payload")
    return caught.value


def installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize(("uri", "module", "holder", "extra"), KINDS)
def test_library_that_is_missing_is_named_with_what_installs_it(
    uri: str, module: str, holder: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if installed(module):
        pytest.skip(f"{module} IS INSTALLED HERE, so that nothing is missing")
    monkeypatch.setenv(PIN_VARIABLE, "123456")

    found = failure(uri)

    assert str(found) == (
        f"online key {uri}: the library for {holder} is not installed;"
        f" pip install 'tufline-online-sign[{extra}]'"
    )
    assert not found.transient


def test_every_kind_says_what_it_is_and_every_extra_is_there() -> None:
    extras = {kind.extra for kind in kinds().values()}
    assert extras == {"gcp", "aws", "azure", "vault", "hsm", "sigstore", None}
    assert set(kinds()) == {"gcpkms", "awskms", "azurekms", "hv", "hsm", "sigstore", "file2"}


@pytest.mark.parametrize(
    "uri", ["envvar:KEY", "file:key?encrypted=false", "gnupg:ABCD", "tkey:", "nonsense:x"]
)
def test_attack_other_kinds_that_the_library_knows_are_never_opened(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "secret")

    found = failure(uri)

    scheme = uri.partition(":")[0]
    assert found.reason.startswith(f"{scheme}: is no kind of online key; there are gcpkms:, ")
    assert not found.transient


@pytest.mark.skipif(not installed("pkcs11"), reason="NO python-pkcs11 HERE")
def test_token_without_its_pin_says_which_variable_holds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(PIN_VARIABLE, raising=False)

    found = failure("hsm:2")

    assert found.reason == f"needs the pin: set {PIN_VARIABLE}"
    assert not found.transient
