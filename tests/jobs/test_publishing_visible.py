"""Publishing heals itself: what clients get at the URL is compared with what they should get."""

import pytest
from tests.jobs.arranging import replace_online_key
from tests.jobs.visibility import PURGE, read_at_url, release, sign_new_content
from tests.support.edge import URL, Edge
from tests.support.memory_store import Fault, MemoryStore
from tests.support.pipeline import DAY, Pipeline

from tufline.repository.jobs.publishing import NotVisible, ServesNewer, deployed_now, is_behind
from tufline.repository.publish import Deployed, StoreFailed
from tufline.repository.publish.compliance import Accepted


def behind_cache(settings: bytes = b"") -> tuple[Pipeline, Edge]:
    """Return a pipeline that was published, with new content signed online, and its cache."""
    pipeline = read_at_url(settings)
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    release(pipeline, edge)
    edge.caches = True
    edge.purged.clear()
    pipeline.now += DAY
    sign_new_content(pipeline)
    return pipeline, edge


def test_clients_get_what_was_published() -> None:
    pipeline, edge = behind_cache()
    edge.caches = False

    done = release(pipeline, edge)

    assert (done.acted, done.visible, done.lane) == (True, True, "content")
    assert edge.slept == []


def test_nothing_is_done_where_clients_get_it_already() -> None:
    pipeline, edge = behind_cache()
    edge.caches = False
    release(pipeline, edge)
    puts = len(pipeline.stores["production"].puts)

    done = release(pipeline, edge)

    assert (done.acted, done.visible, done.lane) == (False, False, "nothing")
    assert len(pipeline.stores["production"].puts) == puts
    assert edge.purged == []


def test_cache_is_told_what_changed() -> None:
    pipeline, edge = behind_cache(PURGE)

    done = release(pipeline, edge)

    assert done.visible
    assert edge.purged[-1:] == [f"{URL}metadata/timestamp.json"]


def test_cache_that_keeps_that_the_next_root_is_missing_is_told_of_it() -> None:
    pipeline, edge = behind_cache(PURGE)
    release(pipeline, edge)
    pipeline.now += DAY
    main = pipeline.main.copy()
    main.edit("root")
    replace_online_key(main)
    pipeline.merge_by_force(main)
    pipeline.online_sign()
    edge.purged.clear()

    release(pipeline, edge)

    assert edge.purged == [
        f"{URL}metadata/{name}" for name in ("timestamp.json", "2.root.json", "3.root.json")
    ]


def test_what_is_not_visible_in_time_is_a_problem_that_names_both_versions() -> None:
    pipeline, edge = behind_cache(b"visible-within = 20\n")

    with pytest.raises(NotVisible) as caught:
        release(pipeline, edge)

    assert str(caught.value) == (
        f"deployed, not visible yet: after 20 seconds {URL} serves timestamp 1, snapshot 1,"
        " targets 1 in place of timestamp 2, snapshot 2, targets 2"
    )
    assert edge.slept == [1, 2, 4, 8, 5]
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_the_next_run_sees_what_was_not_visible_yet() -> None:
    pipeline, edge = behind_cache(b"visible-within = 20\n")
    with pytest.raises(NotVisible):
        release(pipeline, edge)
    edge.keeps_until = 22

    done = release(pipeline, edge)

    assert (done.visible, done.production.written) == (True, 0)
    assert edge.slept[5:] == [1, 2]


def test_store_that_is_right_behind_a_url_that_is_not_is_purged_again() -> None:
    pipeline, edge = behind_cache(PURGE + b"visible-within = 0\n")
    edge.deaf = True
    with pytest.raises(NotVisible) as caught:
        release(pipeline, edge)
    assert "; cache not purged: " in caught.value.with_hint
    edge.deaf = False

    done = release(pipeline, edge)

    assert done.visible
    assert done.production.written == 0
    assert f"{URL}metadata/timestamp.json" in edge.purged


def test_failed_purge_is_reported_though_we_see_it_and_is_done_by_the_next_run() -> None:
    pipeline, edge = behind_cache(PURGE)
    edge.caches = False  # where we look from; there may be other caches
    edge.deaf = True
    done = release(pipeline, edge)
    assert (done.visible, done.acted) == (True, True)
    assert str(done.not_purged).endswith("HTTP status 503")
    assert isinstance(pipeline.refresh_client(), Accepted)
    edge.deaf = False
    edge.purged.clear()
    pipeline.now += DAY / 4

    release(pipeline, edge)

    assert edge.purged == [f"{URL}metadata/timestamp.json"]


def test_caches_are_left_alone_once_they_must_know() -> None:
    pipeline, edge = behind_cache(PURGE)
    release(pipeline, edge)
    edge.purged.clear()
    pipeline.now += DAY

    assert not release(pipeline, edge).acted
    assert edge.purged == []


def test_url_that_serves_something_newer_is_never_replaced() -> None:
    pipeline, edge = behind_cache()
    older = pipeline.copy()
    sign_new_content(pipeline, b"three\n")
    edge.caches = False
    release(pipeline, edge)
    older.stores["production"] = MemoryStore()  # a new place, of which nothing is known

    with pytest.raises(ServesNewer) as caught:
        release(older, edge)

    assert str(caught.value) == (
        f"{URL} serves timestamp version 3, and version 2 is to be published"
    )
    assert "newest commit" in (caught.value.hint or "")
    assert older.stores["production"].files == {}


def test_versions_that_nobody_signed_do_not_stop_publishing() -> None:
    pipeline, edge = behind_cache(b"visible-within = 0\n")
    forged = pipeline.copy()
    sign_new_content(forged, b"three\n")
    name = "metadata/timestamp.json"
    evil = forged.files(forged.head("publish"))["metadata/timestamp.json"]
    edge.origin = MemoryStore()
    edge.origin.files = {
        **pipeline.stores["production"].files,
        name: evil.replace(b'"sig"', b'"x"'),
    }

    with pytest.raises(NotVisible):
        release(pipeline, edge)

    assert isinstance(pipeline.refresh_client(), Accepted)


@pytest.mark.parametrize("fault", Fault)
def test_deployment_that_died_is_finished_by_the_next_run_with_nothing_new_to_sign(
    fault: Fault,
) -> None:
    pipeline, edge = behind_cache()
    edge.caches = False
    broken = MemoryStore(fail_at=3, fault=fault)
    broken.files = dict(pipeline.stores["production"].files)
    pipeline.stores["production"] = edge.origin = broken
    with pytest.raises(StoreFailed):
        release(pipeline, edge)
    signed = pipeline.head("publish")

    done = release(pipeline, edge)

    assert pipeline.head("publish") == signed == done.commit
    assert done.visible
    outcome = pipeline.refresh_client()
    assert isinstance(outcome, Accepted)
    assert outcome.versions.timestamp == 2


def test_clients_that_get_something_older_make_publishing_due() -> None:
    pipeline, edge = behind_cache()

    def behind() -> bool:
        return is_behind(pipeline.history, open_store=pipeline.open_store, outside=edge.outside())

    assert behind()
    edge.caches = False
    release(pipeline, edge)
    assert not behind()


def test_what_clients_get_is_asked_of_the_url_where_there_is_no_store_to_read() -> None:
    pipeline, edge = behind_cache()
    edge.caches = False
    toml = pipeline.main.files["tufline.toml"].replace(b'production = "production"\n', b"")
    pipeline.main.files["tufline.toml"] = toml
    pipeline.merge_by_force(pipeline.main)
    pipeline.online_sign(deployed=None)

    found = deployed_now(pipeline.history, outside=edge.outside())

    assert found.timestamp_data == pipeline.stores["production"].files["metadata/timestamp.json"]
    assert (found.root, found.timestamp and found.timestamp.signed.version) == (1, 1)
    edge.origin = MemoryStore()
    assert deployed_now(pipeline.history, outside=edge.outside()) == Deployed()
