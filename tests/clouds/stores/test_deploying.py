"""Deploying to the clouds' stores: killed anywhere, raced, and what visitors are told to keep."""

import urllib.request

import pytest
from tests.clouds.stores.conftest import PlaceOf
from tests.publish.scenarios import LAYOUT, before_and_after, change_content
from tests.support.published import NOW
from tests.support.stores import gcs, s3
from tests.support.stores.front import Front
from tests.support.stores.publishing import PublishingContract, bring

from tufline.repository.publish import CACHE_CONTROL, Cache, open_store
from tufline.repository.publish.compliance import (
    Accepted,
    listed_artifacts,
    run_client,
    web_remote,
)

RACES = 6


class TestGoogleCloudStorage(PublishingContract):
    races = RACES

    @pytest.fixture
    def place(self, gcs_place: PlaceOf, prefix: str) -> str:
        return gcs_place(f"tuf/{prefix}")


@pytest.mark.parametrize("s3_server", ["moto"], indirect=True)
class TestS3(PublishingContract):
    races = RACES

    @pytest.fixture
    def place(self, s3_place: PlaceOf, prefix: str) -> str:
        return s3_place(f"tuf/{prefix}")


def expect_served(place: str, base: str) -> None:
    """Deploy; then see, as any visitor does, types and caching, and let a client update."""
    before, after = before_and_after(change_content)
    store = open_store(place)
    bring(store, None, before)
    bring(store, before, after)

    expected = {
        LAYOUT.timestamp: ("application/json", Cache.REVALIDATE),
        LAYOUT.root(1): ("application/json", Cache.IMMUTABLE),
        "metadata/2.snapshot.json": ("application/json", Cache.IMMUTABLE),
        "index.html": ("text/html; charset=utf-8", Cache.SHORT),
        "status.json": ("application/json", Cache.SHORT),
    }
    artifact = next(each.name for each in store.listing() if each.name.endswith("file.txt"))
    expected[artifact] = ("application/octet-stream", Cache.IMMUTABLE)
    for name, (kind, cache) in expected.items():
        with urllib.request.urlopen(f"{base}{name}", timeout=10) as answer:  # noqa: S310 - loopback
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["Cache-Control"] == CACHE_CONTROL[cache]
    remote = web_remote(base, LAYOUT)
    root = store.get(LAYOUT.root(1))
    outcome = run_client(remote, root, now=NOW, artifacts=listed_artifacts(after))
    assert isinstance(outcome, Accepted), outcome


def test_visitors_of_google_cloud_storage_are_told_what_to_keep(
    gcs_place: PlaceOf, gcs_server: Front, prefix: str
) -> None:
    expect_served(gcs_place(f"tuf/{prefix}"), gcs.public_url(gcs_server, f"{prefix}/"))


def test_visitors_of_s3_are_told_what_to_keep(
    s3_place: PlaceOf, s3_server: Front, prefix: str
) -> None:
    expect_served(s3_place(f"tuf/{prefix}"), s3.public_url(s3_server, f"{prefix}/"))
