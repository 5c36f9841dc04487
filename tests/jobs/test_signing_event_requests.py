"""Which other jobs a signing event asks for."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import EVENT, changed_artifact
from tests.jobs.looking import pushed, run
from tests.jobs.scenarios import event_that_waits_for_an_online_key
from tests.support.memory_forge import MemoryForge
from tests.support.pipeline import first_main

from tufline.repository.forge import Task
from tufline.repository.jobs import NotAnEvent
from tufline.repository.jobs.hand_over import hand_over


def test_online_signing_is_asked_for_as_long_as_the_event_waits_for_it() -> None:
    pipeline = event_that_waits_for_an_online_key()

    for runs in (1, 2):
        assert run(pipeline).waits_for_online_key
        assert pipeline.forge.requested == [(Task.ONLINE_SIGN, EVENT)] * runs
    pipeline.sign_event(EVENT)
    run(pipeline)

    assert pipeline.forge.requested[2:] == [(Task.SIGNING_EVENT, EVENT)]


def test_held_and_refused_events_ask_for_no_online_key() -> None:
    held = event_that_waits_for_an_online_key()
    held.now += timedelta(hours=1)
    held.push("sign/later", held.main.copy())
    later = held.main.copy()
    later.edit("nightly", signers=[])
    held.commit("sign/later", later.files)
    refused = event_that_waits_for_an_online_key()
    refused.commit(EVENT, {**refused.files(refused.head(EVENT)), "README": b""})

    run(held, "sign/later")
    run(refused)

    assert (held.forge.requested, refused.forge.requested) == ([], [])


def test_event_that_is_over_has_main_signed_online_unless_it_is() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    pipeline.start()
    pipeline.commit("main", pipeline.files(pipeline.head(EVENT)), merging=[pipeline.head(EVENT)])
    run(pipeline)
    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None)]

    pipeline.online_sign()
    run(pipeline)

    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None)]


def test_hand_over_of_main_asks_for_one_run_on_all_there_is_to_it() -> None:
    forge = MemoryForge()

    hand_over(forge, "main")

    assert forge.requested == [(Task.SIGNING_EVENT, None)]


def test_hand_over_asks_for_one_run_and_only_for_an_event() -> None:
    forge = MemoryForge()

    hand_over(forge, EVENT)

    assert forge.performed == ["request"]
    assert forge.requested == [(Task.SIGNING_EVENT, EVENT)]
    for name in ("publish", "sign", "signs/x", "", " sign/x"):
        with pytest.raises(NotAnEvent):
            hand_over(forge, name)
    assert forge.performed == ["request"]
