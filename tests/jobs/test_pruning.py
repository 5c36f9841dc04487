"""Which states a prune keeps, by the publish branch and the time."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import changed_artifact
from tests.support.pipeline import Pipeline

from tufline.repository.format import Document
from tufline.repository.jobs._head import NowhereToPublish, publish_head
from tufline.repository.jobs.pruning import Pruned, prune_stores, recent_states
from tufline.repository.publish.compliance import Accepted
from tufline.repository.state import State

DAY = timedelta(days=1)


def with_two_contents() -> Pipeline:
    """Return a pipeline that published one content, and another ten days later."""
    pipeline = Pipeline()
    pipeline.start(publish=True)
    pipeline.now += 10 * DAY
    pipeline.merge_by_force(changed_artifact(pipeline.main, b"two\n"))
    pipeline.online_sign()
    pipeline.publish()
    return pipeline


def go_on_until_first_snapshot_ends(pipeline: Pipeline) -> None:
    head = pipeline.history.info(pipeline.head("publish"))
    first = State(pipeline.history.files(head.parents[0])).snapshot()
    assert isinstance(first, Document)
    pipeline.now = first.signed.expires + timedelta(seconds=1)
    pipeline.online_sign()
    pipeline.publish()


def snapshots_kept(pipeline: Pipeline, days: int) -> list[int]:
    """Return the versions of snapshot in the states that are kept, the newest first."""
    head = publish_head(pipeline.history)
    since = pipeline.now - days * DAY
    kept = []
    for state in recent_states(pipeline.history, head, since=since, now=pipeline.now):
        snapshot = state.snapshot()
        assert isinstance(snapshot, Document)
        kept.append(snapshot.signed.version)
    return kept


def prune(pipeline: Pipeline, *, dry_run: bool = False) -> Pruned:
    return prune_stores(
        pipeline.history,
        older_than=DAY,
        now=pipeline.now,
        dry_run=dry_run,
        opener=pipeline.open_store,
    )


def test_state_stays_as_long_as_its_snapshot_is_valid() -> None:
    pipeline = with_two_contents()

    assert snapshots_kept(pipeline, days=1) == [2, 1]
    assert prune(pipeline) == Pruned(staging=(), production=())


def test_what_was_current_within_the_age_stays_though_it_has_expired() -> None:
    pipeline = with_two_contents()
    go_on_until_first_snapshot_ends(pipeline)

    assert snapshots_kept(pipeline, days=1) == [3, 2]
    assert snapshots_kept(pipeline, days=365) == [3, 2, 1]


def test_what_only_expired_states_refer_to_is_deleted_in_both_stores() -> None:
    pipeline = with_two_contents()
    go_on_until_first_snapshot_ends(pipeline)
    before = {name: dict(store.files) for name, store in pipeline.stores.items()}

    said = prune(pipeline, dry_run=True)
    assert {name: store.files for name, store in pipeline.stores.items()} == before
    done = prune(pipeline)

    assert said == done
    assert done.staging == done.production
    kinds = [name.rpartition("/")[2].partition(".")[2] for name in done.production]
    assert sorted(kinds) == ["file.txt", "snapshot.json", "targets.json"]
    for store in pipeline.stores.values():
        assert not store.files.keys() & set(done.production)
    assert isinstance(pipeline.refresh_client(), Accepted)
    assert prune(pipeline) == Pruned(staging=(), production=())


def test_nothing_is_pruned_where_nothing_is_published() -> None:
    pipeline = with_two_contents()
    main = pipeline.main.copy()
    main.files["tufline.toml"] = b""
    pipeline.merge_by_force(main)
    pipeline.online_sign()

    with pytest.raises(NowhereToPublish):
        prune(pipeline)
