"""Jobs that ask for one another come to an end, whatever an event holds."""

import pytest
from tests.jobs.arranging import EVENT, NEXT_KEY, add_online_role, replace_online_key
from tests.jobs.looking import run
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import Sample

from tufline.online_sign.steps import sign_roles
from tufline.repository.forge import Task
from tufline.repository.jobs.checks.online_keys import ONLINE_KEYS_ELSEWHERE

_ENOUGH = 8


def waiting_for_both(*, decided: bool) -> Pipeline:
    """Return an event with a new online key, and a role that waits for an online key.

    With `decided`, people have agreed to the role, and its key is lost; else nobody has yet.
    """
    main = first_main()
    if decided:
        add_online_role(main)
    event = main.copy()
    replace_online_key(event)
    if decided:
        event.edit("nightly", signers=[])
    else:
        _let_nobody_agree_to_a_role(event)
    pipeline = Pipeline(main=main, checkers=(ONLINE_KEYS_ELSEWHERE,))
    pipeline.push(EVENT, event)
    if decided:
        pipeline.keys.missing.add("file2:online")
    return pipeline


def _let_nobody_agree_to_a_role(event: Sample) -> None:
    add_online_role(event)
    event.edit("nightly", signers=[])
    event.sign("targets", event.load("targets"), [])


def follow(pipeline: Pipeline) -> int:
    """Run what is asked for as the workflows do; return how many runs it took, or gave up after."""
    run(pipeline)
    runs = 0
    while pipeline.forge.requested and runs < _ENOUGH:
        task, name = pipeline.forge.requested.pop(0)
        runs += 1
        pipeline.checked = ()
        if task is Task.ONLINE_SIGN and name == EVENT:
            done = sign_roles(pipeline.place, EVENT, pipeline.keys)
            if done.check is None:
                continue
            pipeline.checked = (done.check,)  # the job `tell`
        run(pipeline)
    return runs


@pytest.mark.parametrize("decided", [False, True])
def test_new_key_and_missing_signature_do_not_keep_the_jobs_busy(decided: bool) -> None:  # noqa: FBT001 - what is parametrized
    pipeline = waiting_for_both(decided=decided)
    pipeline.keys.missing.add(NEXT_KEY)

    assert follow(pipeline) < _ENOUGH
    assert pipeline.forge.statuses()[EVENT].checks
