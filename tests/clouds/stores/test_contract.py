"""The contract of the port `Store`, for the clouds' adapters, through the clouds' own libraries."""

import pytest
from tests.clouds.stores.conftest import PlaceOf
from tests.support.stores.contract import PlaceContract, StoreContract

from tufline.repository.publish import Store, open_store


class TestGoogleCloudStorage(StoreContract, PlaceContract):
    @pytest.fixture
    def store(self, gcs_place: PlaceOf, prefix: str) -> Store:
        return open_store(gcs_place(f"tuf/{prefix}"))

    @pytest.fixture
    def missing(self, gcs_place: PlaceOf) -> Store:
        return open_store(gcs_place("no-such-bucket/site"))


class TestS3(StoreContract, PlaceContract):
    @pytest.fixture
    def store(self, s3_place: PlaceOf, prefix: str) -> Store:
        return open_store(s3_place(f"tuf/{prefix}"))

    @pytest.fixture
    def missing(self, s3_place: PlaceOf) -> Store:
        return open_store(s3_place("no-such-bucket/site"))
