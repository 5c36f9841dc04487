"""What git tells of a published repository and of its past events."""

from datetime import timedelta

from tests.jobs.arranging import EVENT, changed_artifact, with_settings
from tests.support.pipeline import Pipeline

from tufline.repository.history import Commit
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.publishing import publish_head
from tufline.repository.jobs.status import merged_events, repository_facts
from tufline.repository.status import RepositoryFacts

DAY = timedelta(days=1)


def started(text: bytes = b"") -> Pipeline:
    pipeline = Pipeline(main=with_settings(text))
    pipeline.start()
    return pipeline


def merged_after(pipeline: Pipeline, days: int, data: bytes = b"two\n") -> Commit:
    """Push an event that everybody has signed, and merge it so much later."""
    pipeline.push(EVENT, changed_artifact(pipeline.main, data))
    pipeline.now += days * DAY
    return merge(pipeline.place, EVENT)


def facts(pipeline: Pipeline) -> RepositoryFacts:
    return repository_facts(pipeline.history, publish_head(pipeline.history), now=pipeline.now)


def test_event_is_known_by_its_branch_roles_and_times() -> None:
    pipeline = started()
    began = pipeline.now
    merged_after(pipeline, 4)

    (event,) = merged_events(pipeline.history)
    assert (event.title, event.roles) == (EVENT, ("targets",))
    assert (event.began, event.ready, event.merged) == (began, began, began + 4 * DAY)


def test_newest_event_comes_first() -> None:
    pipeline = started()
    merged_after(pipeline, 1)
    pipeline.main = changed_artifact(pipeline.main)
    merged_after(pipeline, 7, b"three\n")

    assert [each.merged - each.began for each in merged_events(pipeline.history)] == [
        7 * DAY,
        1 * DAY,
    ]


def test_push_to_main_is_no_event() -> None:
    pipeline = started()
    pipeline.commit("main", {**pipeline.main.files, "README.md": b"new\n"})

    assert list(merged_events(pipeline.history)) == []


def test_merge_that_changes_no_metadata_is_no_event() -> None:
    pipeline = started()
    other = pipeline.commit(
        "other", {**pipeline.main.files, "README.md": b"new\n"}, onto=pipeline.head("main")
    )
    pipeline.commit("main", pipeline.files(other), merging=[other])

    assert list(merged_events(pipeline.history)) == []


def test_repository_without_main_has_no_events() -> None:
    pipeline = Pipeline()
    pipeline.history.branches = lambda _: {}

    assert list(merged_events(pipeline.history)) == []


def test_facts_name_the_repository_the_commit_and_the_margin() -> None:
    pipeline = started(b'[notify]\nrepository = "example/tuf"\n')
    found = facts(pipeline)

    assert (found.title, found.commit) == ("example/tuf", pipeline.head("publish"))
    assert found.margin == min(
        each.expires - pipeline.now for each in found.roles if each.name == "timestamp"
    )
    assert {each.role for each in found.forecasts} == {"root", "targets", "npm"}


def test_past_events_make_the_forecast() -> None:
    pipeline = started()
    merged_after(pipeline, 4)
    by_role = {str(each.role): each for each in facts(pipeline).forecasts}

    assert by_role["targets"].expected == 4 * DAY
