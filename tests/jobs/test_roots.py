"""The oldest root that clients may hold."""

import pytest
from tests.support.pipeline import first_main
from tests.support.sample import Sample

from tufline.repository.jobs import oldest_root
from tufline.repository.settings import ReviewSettings, Settings


def with_four_roots() -> Sample:
    sample = first_main()
    for _ in range(3):
        sample.edit("root")
    return sample


def test_chain_that_verifies_reaches_back_to_the_first_root() -> None:
    assert oldest_root(with_four_roots().state(), Settings()) == 1


@pytest.mark.parametrize("data", [None, b"{", b""])
def test_chain_ends_where_a_root_is_missing_or_cannot_be_read(data: bytes | None) -> None:
    sample = with_four_roots()
    path = "metadata/root_history/2.root.json"
    sample.files.pop(path)
    if data is not None:
        sample.files[path] = data

    assert oldest_root(sample.state(), Settings()) == 3


def test_chain_ends_at_a_root_that_the_one_before_did_not_sign() -> None:
    sample = with_four_roots()
    stranger = Sample(people=["@mallory", "@dave"])
    old = stranger.files["metadata/root.json"]
    sample.files["metadata/root_history/1.root.json"] = old

    assert oldest_root(sample.state(), Settings()) == 2


@pytest.mark.parametrize(("stated", "oldest"), [(1, 1), (3, 3), (9, 4)])
def test_settings_decide_but_never_above_the_newest(stated: int, oldest: int) -> None:
    settings = Settings(review=ReviewSettings(oldest_root=stated))

    assert oldest_root(with_four_roots().state(), settings) == oldest


def test_state_without_a_root_begins_at_one() -> None:
    sample = first_main()
    del sample.files["metadata/root.json"]

    assert oldest_root(sample.state(), Settings()) == 1
