"""The contract of the port `Store`, for the clouds' adapters, through the clouds' own libraries."""

import pytest
from tests.clouds.stores.conftest import OpenedAt
from tests.support.stores.contract import PlaceContract, StoreContract

from tufline.repository.publish import Store


class TestGoogleCloudStorage(StoreContract, PlaceContract):
    @pytest.fixture
    def store(self, open_gcs: OpenedAt, prefix: str) -> Store:
        return open_gcs(f"gs://tuf/{prefix}")

    @pytest.fixture
    def missing(self, open_gcs: OpenedAt) -> Store:
        return open_gcs("gs://no-such-bucket/site")


class TestS3(StoreContract, PlaceContract):
    @pytest.fixture
    def store(self, open_s3: OpenedAt, prefix: str) -> Store:
        return open_s3(f"s3://tuf/{prefix}")

    @pytest.fixture
    def missing(self, open_s3: OpenedAt) -> Store:
        return open_s3("s3://no-such-bucket/site")
