"""Services believe nobody without the right credentials: so the other tests mean something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clouds.kms.holding import SERVICES, VAULT, Keys
from tests.support.kms import (
    Clouds,
    SigningFailed,
    SigningHost,
    clouds,
    main_with,
    online_repository,
    signing_host,
)

SAID = {
    "awskms": "UnrecognizedClientException",
    "azurekms": "DefaultAzureCredential failed to retrieve a token",
    "gcpkms": "401 invalid authentication credentials",
    "hv": "permission denied",
}


@pytest.fixture(scope="module")
def stranger(services: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningHost]:
    """Return a process that finds the services, with the credentials of other ones."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with clouds(folder) as elsewhere:
        wrong = {
            **services.environment,
            "AWS_SECRET_ACCESS_KEY": "another",
            "GOOGLE_APPLICATION_CREDENTIALS": elsewhere.environment[
                "GOOGLE_APPLICATION_CREDENTIALS"
            ],
            "IDENTITY_HEADER": "another",
            "VAULT_TOKEN": "another",
        }
        with signing_host(folder, wrong) as host:
            yield host


@pytest.mark.parametrize("kind", SERVICES)
def test_wrong_credentials_sign_nothing(
    kind: str, keys: Keys, stranger: SigningHost, tmp_path: Path
) -> None:
    key = keys[kind].key
    with online_repository(tmp_path, stranger, main_with([key], [key])) as repository:
        with pytest.raises(SigningFailed, match=SAID[kind]) as caught:
            repository.sign()

        assert keys[kind].uri in str(caught.value)
        assert (keys[kind].faults.asked, repository.commits) == (0, ())


@pytest.mark.parametrize("kind", SERVICES)
def test_wrong_credentials_see_no_public_key(kind: str, keys: Keys, stranger: SigningHost) -> None:
    uri = keys[kind].uri
    name = uri.partition(":")[2]
    vault = (VAULT, uri.split("/")[-2])
    arguments = {"awskms": (name,), "gcpkms": (name,), "hv": (name[:-2],), "azurekms": vault}

    with pytest.raises(SigningFailed, match=SAID[kind]):
        stranger.import_key(kind, *arguments[kind])
