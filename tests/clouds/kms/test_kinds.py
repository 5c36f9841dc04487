"""Every kind of online key signs through its own library, and clients accept what it signed."""

import re

import pytest
from tests.clouds.kms.holding import KINDS, SERVICES, Keys, Open
from tests.support.kms import Clouds


@pytest.mark.parametrize("kind", KINDS)
def test_online_key_signs_what_clients_accept(kind: str, keys: Keys, opened: Open) -> None:
    repository = opened(keys[kind])

    first = repository.sign()
    repository.merge(b"two\n")
    second = repository.sign()

    assert first == second == {"moved": True, "signed": ["snapshot", "timestamp"], "refused": None}
    assert repository.signers("snapshot") == repository.signers("timestamp") == {keys[kind].uri}
    repository.expect_valid()
    repository.expect_served(b"two\n")


@pytest.mark.parametrize("kind", SERVICES)
def test_service_signs_once_for_each_role(kind: str, keys: Keys, opened: Open) -> None:
    repository = opened(keys[kind])

    repository.sign()
    assert (keys[kind].faults.asked, keys[kind].faults.signed) == (2, 2)
    assert repository.sign()["moved"] is False
    assert keys[kind].faults.asked == 2


def test_snapshot_and_timestamp_may_have_keys_in_different_clouds(keys: Keys, opened: Open) -> None:
    repository = opened(keys["gcpkms"], timestamp=keys["hv"])

    repository.sign()

    assert repository.signers("snapshot") == {keys["gcpkms"].uri}
    assert repository.signers("timestamp") == {keys["hv"].uri}
    repository.expect_valid()


def test_all_keys_of_a_role_sign_where_all_work(keys: Keys, opened: Open) -> None:
    everyone = [keys[kind] for kind in KINDS]
    repository = opened(*everyone)

    repository.sign()

    assert repository.signers("timestamp") == {each.uri for each in everyone}
    repository.expect_valid()


@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        ("awskms", r"awskms:arn:aws:kms:eu-central-1:111122223333:key/online-\d+"),
        ("azurekms", r"azurekms://tests\.vault\.azure\.net/keys/online-\d+/[0-9a-f]{32}"),
        ("gcpkms", r"gcpkms:projects/tests/.+/cryptoKeys/online-\d+/cryptoKeyVersions/1"),
        ("hv", r"hv:online-\d+/2"),
        ("hsm", r"hsm:2\?label=YubiKey\+PIV\+%2315835999"),
    ],
)
def test_uri_comes_from_the_service_with_the_version_that_is_used(
    kind: str, uri: str, keys: Keys
) -> None:
    assert re.fullmatch(uri, keys[kind].uri)


def test_libraries_ask_the_production_hosts_and_no_others(
    services: Clouds, keys: Keys, opened: Open
) -> None:
    opened(*(keys[kind] for kind in KINDS)).sign()

    assert set(services.proxy.connected) == {
        "kms.eu-central-1.amazonaws.com:443",
        "tests.vault.azure.net:443",
        "cloudkms.googleapis.com:443",
        "vault.test:8200",
    }
    # google-auth asks there whether the account is bound to regions, and goes on without an answer
    assert set(services.proxy.refused) <= {"iamcredentials.googleapis.com:443"}
