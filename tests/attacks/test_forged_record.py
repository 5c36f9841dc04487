"""What a comment remembers can be edited by whoever may write: no merge goes by it alone."""

from dataclasses import replace

from tests.jobs.arranging import EVENT, with_settings
from tests.jobs.looking import pushed, run, status
from tests.jobs.test_checks import OneCheck, answer, checked, event_with
from tests.support.pipeline import Pipeline

from tufline.repository.forge import Task

AT_THRESHOLD = b"[merge]\nat-threshold = true\n"


def signed_and_never_checked() -> Pipeline:
    """Return an event at its threshold, which waits for a check of another job."""
    main = with_settings(AT_THRESHOLD)
    pipeline = checked(
        pushed(event_with("@alice", "@bob", main=main), main), OneCheck(verdict=None)
    )
    run(pipeline)
    return pipeline


def forge_record(pipeline: Pipeline) -> None:
    """Write into the record that the check has passed, as an edit of the comment does."""
    passed = (answer(b"two\n".hex()),)
    pipeline.forge.show(replace(status(pipeline), checks=passed, wanted=()))
    pipeline.forge.requested.clear()


def test_forged_check_merges_nothing_and_is_done_anew() -> None:
    pipeline = signed_and_never_checked()
    forge_record(pipeline)

    assert not run(pipeline).merged
    assert pipeline.forge.requested == [(Task.SIGNING_EVENT, EVENT)]


def test_answer_of_a_job_before_this_one_merges() -> None:
    pipeline = signed_and_never_checked()
    forge_record(pipeline)
    pipeline.checked = (answer(b"two\n".hex()),)

    assert run(pipeline).merged
