from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.signer.publishing import Machine, Site, first_of, machine_in, site_in
from tests.support.published import Published


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path / "site") as site:
        yield site


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return machine_in(tmp_path)


@pytest.fixture
def published(site: Site, machine: Machine) -> Published:
    """Return a repository as it is published: root 2, targets 3, npm 2. Root 1 is pinned."""
    repository = Published()
    repository.delegate("npm")
    repository.renew("npm")
    repository.rotate()
    repository.sign_online()
    site.put(repository)
    machine.pin(first_of(repository))
    return repository
