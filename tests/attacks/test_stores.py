"""Whatever a store, or the setting that names it, does: what clients have is kept fresh."""

import pytest
from tests.support.memory_store import MemoryStore
from tests.support.pipeline import DAY, Pipeline

from tufline.repository.publish import InvalidPlace, Tag, open_store


class Odd(MemoryStore):
    """A store whose library raises something that nobody expected."""

    def read(self, name: str) -> tuple[bytes, Tag]:
        raise ValueError(f"Invalid endpoint: {name}")

    def get(self, name: str) -> bytes:
        raise ValueError(f"Invalid endpoint: {name}")


def test_timestamp_is_signed_though_the_store_fails_in_an_unknown_way() -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)
    pipeline.stores["production"] = Odd()
    pipeline.now += 5 * DAY
    before = pipeline.version("timestamp")

    pipeline.sign_main()

    assert pipeline.version("timestamp") == before + 1


class Endless(MemoryStore):
    """A store that has every root, as a server that answers each question with some page."""

    asked = 0

    def get(self, name: str) -> bytes:
        self.asked += name.endswith(".root.json")
        if self.asked > 20_000:
            pytest.fail("it is asked for ever")
        return b"<html>" if name.endswith(".root.json") else super().get(name)


def test_timestamp_is_signed_though_the_store_has_every_root() -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)
    pipeline.stores["production"] = Endless()
    pipeline.now += 5 * DAY
    before = pipeline.version("timestamp")

    pipeline.sign_main()

    assert pipeline.version("timestamp") == before + 1


@pytest.mark.parametrize(
    "endpoint", ["objects.example.org", "ftp://objects.example.org", "https://", "https://[::"]
)
def test_endpoint_that_no_library_takes_is_refused_before_it_is_accepted(endpoint: str) -> None:
    with pytest.raises(InvalidPlace, match="endpoint"):
        open_store(f"s3://bucket?endpoint={endpoint}")
