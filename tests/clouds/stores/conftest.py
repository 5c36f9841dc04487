"""Servers of the clouds' protocols, one of each for a test module, and stores in them."""

from collections.abc import Callable, Iterator
from typing import TypeAlias
from uuid import uuid4

import pytest
from tests.support.stores import gcs, s3
from tests.support.stores.front import Front

PlaceOf: TypeAlias = Callable[[str], str]
"""Writes `bucket/prefix` as `open_store` takes it."""


@pytest.fixture(scope="module")
def gcs_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with gcs.gcs_server(tmp_path_factory.mktemp("gcs")) as front:
        yield front


@pytest.fixture(scope="module", params=["moto", "versitygw"])
def s3_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    with s3.s3_server(tmp_path_factory.mktemp("s3"), program=request.param) as front:
        yield front


@pytest.fixture
def gcs_place(gcs_server: Front, monkeypatch: pytest.MonkeyPatch) -> PlaceOf:
    """Name a place in a bucket of Google Cloud Storage."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{gcs_server.port}")
    return lambda name: f"gs://{name}"


@pytest.fixture
def s3_place(s3_server: Front, monkeypatch: pytest.MonkeyPatch) -> PlaceOf:
    """Name a place in a bucket of S3."""
    for name, value in s3.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    options = f"region=us-east-1&endpoint=http://127.0.0.1:{s3_server.port}"
    return lambda name: f"s3://{name}?{options}"


@pytest.fixture
def prefix() -> str:
    """A part of a bucket that no other test uses."""
    return f"site/{uuid4().hex}"
