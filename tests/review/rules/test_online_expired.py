from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import NOW, Sample

from tufline.repository.review import Purpose, Review


def _online(days: int) -> Sample:
    sample = Sample()
    sample.sign_online(days=days)
    return sample


def test_published_online_metadata_that_has_expired_is_refused() -> None:
    found = judge(None, _online(7), purpose=Purpose.PUBLISHED, now=NOW + timedelta(days=7))
    assert said(found, "online-expired") == [
        f"error {role}: expired 2026-03-08 12:00 UTC" for role in ("snapshot", "timestamp")
    ]
    assert verdict(found) == "refused"


def test_published_online_metadata_is_fine_to_its_last_second() -> None:
    now = NOW + timedelta(days=7, seconds=-1)
    found = judge(None, _online(7), purpose=Purpose.PUBLISHED, now=now)
    assert said(found, "online-expired") == []
    assert verdict(found) == "ready"


@pytest.mark.parametrize("judging", [judge, judge_whole])
def test_copies_in_events_and_on_main_may_be_old(judging: Callable[..., Review]) -> None:
    found = judging(None, _online(1), now=NOW + timedelta(days=2))
    assert said(found, "online-expired") == []
