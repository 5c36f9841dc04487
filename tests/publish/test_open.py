"""How a place is written, and what is said of one that is none."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tufline.repository.publish import (
    DirectoryStore,
    InvalidPlace,
    LibraryMissing,
    StoreFailed,
    open_store,
)
from tufline.repository.publish._gcs import GcsStore
from tufline.repository.publish._s3 import S3Store


def test_plain_text_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")

    store = open_store(str(tmp_path))

    assert isinstance(store, DirectoryStore)
    assert store.get("a") == b"x"


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("gs://bucket", GcsStore),
        ("gs://bucket/a/b/", GcsStore),
        ("s3://bucket", S3Store),
        ("s3://bucket.with.dots/a?region=eu-west-1", S3Store),
        ("s3://bucket/a?endpoint=https://objects.example.org:9000&region=x", S3Store),
    ],
)
def test_buckets_are_opened_without_being_looked_at(place: str, kind: type) -> None:
    assert isinstance(open_store(place), kind)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("", "it is empty"),
        ("ftp://host/folder", "ftp:// is no kind of store that we know"),
        ("https://host/folder", "https:// is no kind of store that we know"),
        ("gs://", "it names no bucket, or more than that"),
        ("gs:///folder", "it names no bucket, or more than that"),
        ("s3://user@bucket/a", "it names no bucket, or more than that"),
        ("s3://bucket:80/a", "it names no bucket, or more than that"),
        ("gs://bucket/a#b", "nothing can follow a #"),
        ("gs://bucket/a?region=x", "region=x is no option of it"),
        ("s3://bucket/a?region=", "region= is no option of it"),
        ("s3://bucket/a?rigion=x", "rigion=x is no option of it"),
        ("s3://bucket/a?region", "bad query field: 'region'"),
        ("gs://bucket/a/../b", "'a/../b' cannot be published under this name"),
        ("gs://bucket/a//b", "'a//b' cannot be published under this name"),
        ("s3://[bucket/a", "Invalid IPv6 URL"),
    ],
)
def test_other_places_are_refused(place: str, reason: str) -> None:
    with pytest.raises(InvalidPlace) as caught:
        open_store(place)

    assert str(caught.value) == f"cannot publish to {place!r}: {reason}"
    assert "gs://BUCKET/PREFIX" in (caught.value.hint or "")


@pytest.mark.skipif(find_spec("boto3") is not None, reason="the libraries of clouds are installed")
@pytest.mark.parametrize(
    ("place", "extra"), [("gs://bucket/folder", "gcs"), ("s3://bucket/folder", "s3")]
)
def test_missing_library_is_named_with_what_installs_it(place: str, extra: str) -> None:
    store = open_store(place)
    for call in (lambda: store.get("a"), lambda: list(store.listing())):
        with pytest.raises(LibraryMissing) as caught:
            call()
        assert isinstance(caught.value, StoreFailed)
        assert str(caught.value) == f"{place}/: needs the extra '{extra}' of tufline-repository"
        assert caught.value.hint == f"install it: pip install 'tufline-repository[{extra}]'"
