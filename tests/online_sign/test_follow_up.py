"""What online signing asks for: what its own pushes would not start on a forge."""

import pytest
from tests.jobs.arranging import EVENT, changed_artifact
from tests.jobs.scenarios import event_that_waits_for_an_online_key
from tests.support.pipeline import DAY, Pipeline
from tests.support.sample import ONLINE

from tufline.online_sign._not_signed import NotSigned
from tufline.online_sign.job import RootNotConfirmed
from tufline.repository.forge import Task
from tufline.repository.jobs.signing_event import signing_event

PUBLICATION = (Task.PUBLISH, None)


def started() -> Pipeline:
    pipeline = Pipeline()
    pipeline.start()
    return pipeline


def test_publication_is_asked_for_though_nothing_was_due() -> None:
    pipeline = started()

    assert pipeline.sign_main().moved is False
    assert pipeline.forge.requested == [PUBLICATION]


def test_publication_is_asked_for_where_main_is_refused_and_old_content_renewed() -> None:
    pipeline = started()
    broken = changed_artifact(pipeline.main)
    broken.sign("targets", broken.load("targets"), [])
    pipeline.merge_by_force(broken)
    pipeline.now += 5 * DAY

    assert pipeline.sign_main().refused is not None
    assert pipeline.forge.requested == [PUBLICATION]


def test_publication_is_asked_for_where_a_key_failed() -> None:
    pipeline = started()
    pipeline.now += 5 * DAY
    pipeline.keys.missing.add(ONLINE)

    with pytest.raises(NotSigned):
        pipeline.sign_main()
    assert pipeline.forge.requested == [PUBLICATION]


def test_nothing_is_asked_for_before_the_first_publication() -> None:
    pipeline = Pipeline(confirmed="0" * 64)

    with pytest.raises(RootNotConfirmed):
        pipeline.sign_main()
    assert pipeline.forge.requested == []


def test_signed_event_is_looked_at() -> None:
    pipeline = event_that_waits_for_an_online_key()

    assert pipeline.sign_event(EVENT) == ("nightly",)
    assert pipeline.forge.requested == [(Task.SIGNING_EVENT, EVENT)]


def test_jobs_do_not_chase_each_other_over_an_event_that_is_shown_as_it_is() -> None:
    pipeline = event_that_waits_for_an_online_key()
    pipeline.sign_event(EVENT)
    signing_event(pipeline.place, EVENT)
    pipeline.forge.requested.clear()

    assert pipeline.sign_event(EVENT) == ()
    assert pipeline.forge.requested == []
