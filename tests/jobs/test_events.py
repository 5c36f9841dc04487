"""Signing events as git has them, and commits to them."""

from collections.abc import Mapping

import pytest
from tests.jobs.arranging import EVENT, changed_artifact
from tests.jobs.scenarios import event_with_artifacts_that_is_behind_main
from tests.support.pipeline import PERSON, Pipeline

from tufline.repository.edit import resign
from tufline.repository.format import ROOT, TARGETS
from tufline.repository.history import Move, Moved
from tufline.repository.jobs import (
    ChangeRefused,
    NotAnEvent,
    commit_proposal,
    draft_proposal,
    load_event,
    new_event,
    open_event,
    proposal,
)


def commit(pipeline: Pipeline, name: str, files: Mapping[str, bytes | None]) -> str:
    event = open_event(pipeline.history, name)
    wanted = proposal(event, dict(files), message="Change", now=pipeline.now)
    return commit_proposal(pipeline.history, wanted, author=PERSON, now=pipeline.now)


def test_event_that_does_not_exist_yet_is_main_unchanged() -> None:
    pipeline = Pipeline()

    event = open_event(pipeline.history, EVENT)

    assert (event.main, event.head, event.behind) == (pipeline.head("main"),) * 2 + (False,)
    assert event.changes() == {}
    with pytest.raises(NotAnEvent):
        new_event(pipeline.history, "other")


def test_first_commit_makes_the_branch() -> None:
    pipeline = Pipeline()
    wanted = draft_proposal(
        open_event(pipeline.history, EVENT),
        lambda draft: resign(draft, TARGETS),
        message="Sign again",
        now=pipeline.now,
    )

    made = commit_proposal(pipeline.history, wanted, author=PERSON, now=pipeline.now)

    assert pipeline.head(EVENT) == made
    assert pipeline.version("targets", EVENT) == 2


def test_proposal_without_files_commits_nothing() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    assert commit(pipeline, EVENT, {}) == pipeline.head(EVENT)


def test_refused_proposal_is_not_committed_and_every_finding_is_named() -> None:
    pipeline = Pipeline()

    with pytest.raises(ChangeRefused) as caught:
        commit(pipeline, EVENT, {"README": b"", "metadata/root_history/1.root.json": None})

    assert str(caught.value).startswith(f"{EVENT} would break a rule:\n  ")
    assert {"unclaimed-path", "root-history"} <= {each.rule for each in caught.value.findings}
    assert EVENT not in pipeline.history.branches()


def test_somebody_else_s_commit_in_between_is_not_lost() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    event = load_event(pipeline.history, EVENT)
    wanted = draft_proposal(
        event, lambda draft: resign(draft, ROOT), message="Mine", now=pipeline.now
    )
    theirs = pipeline.push(EVENT, changed_artifact(pipeline.main, b"theirs\n"))

    with pytest.raises(Moved):
        commit_proposal(pipeline.history, wanted, author=PERSON, now=pipeline.now)

    assert pipeline.head(EVENT) == theirs


def test_event_that_is_over_is_not_opened_again_by_a_late_commit() -> None:
    pipeline = Pipeline()
    head = pipeline.push(EVENT, changed_artifact(pipeline.main))
    wanted = draft_proposal(
        load_event(pipeline.history, EVENT),
        lambda draft: resign(draft, ROOT),
        message="Late",
        now=pipeline.now,
    )
    pipeline.history.move([Move(branch=EVENT, old=head, new=None)])

    with pytest.raises(Moved):
        commit_proposal(pipeline.history, wanted, author=PERSON, now=pipeline.now)

    assert EVENT not in pipeline.history.branches()


def test_commit_to_an_event_behind_main_is_exactly_what_was_judged() -> None:
    pipeline = event_with_artifacts_that_is_behind_main()
    event = load_event(pipeline.history, EVENT)
    assert event.behind
    files: dict[str, bytes | None] = {"targets/npm/more.json": b"more\n"}
    wanted = proposal(event, files, message="More", now=pipeline.now)

    made = commit_proposal(pipeline.history, wanted, author=PERSON, now=pipeline.now)

    assert pipeline.files(made) == {
        **pipeline.files(pipeline.head("main")),
        "targets/npm/new.json": b"new\n",
        "targets/npm/more.json": b"more\n",
    }
    assert not load_event(pipeline.history, EVENT).behind
