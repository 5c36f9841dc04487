from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from tests.clouds.kms.holding import Holding, Keys, Open
from tests.support.kms import (
    Clouds,
    OnlineRepository,
    SigningHost,
    clouds,
    main_with,
    online_repository,
    signing_host,
)
from tests.support.tokens import PIN, plug_in

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    with clouds(tmp_path_factory.mktemp("clouds")) as made:
        yield made


@pytest.fixture(scope="session")
def host(services: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningHost]:
    """Return the process that signs, with a token plugged in; it works in a folder of its own."""
    token = plug_in(tmp_path_factory.mktemp("token"))
    pin = {"TUFLINE_HSM_PIN": PIN}
    folder = tmp_path_factory.mktemp("host")
    with signing_host(folder, {**services.environment, **token.environment, **pin}) as started:
        yield started


@pytest.fixture
def keys(services: Clouds, host: SigningHost) -> Keys:
    """Return a working key of every kind."""
    return Keys(services, host, f"online-{next(_NUMBERS)}")


@pytest.fixture
def opened(tmp_path: Path, host: SigningHost) -> Iterator[Open]:
    """Return what makes a repository with these keys for snapshot and timestamp."""
    with ExitStack() as stack:

        def open_with(*holdings: Holding, timestamp: Holding | None = None) -> OnlineRepository:
            public = [each.key for each in holdings]
            main = main_with(public, [timestamp.key] if timestamp else public)
            return stack.enter_context(online_repository(tmp_path, host, main))

        yield open_with
