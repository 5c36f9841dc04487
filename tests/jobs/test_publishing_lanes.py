"""Two lanes: new content is for all clients to try first; the timestamp is nobody's hostage."""

import pytest
from tests.jobs.visibility import Judges, read_at_url, release, sign_new_content
from tests.support.edge import Edge
from tests.support.memory_store import MemoryStore
from tests.support.pipeline import DAY, Pipeline
from tests.support.published import Published as Made
from tests.support.sample import ONLINE, signer_for
from tuf.api.metadata import Metadata, Timestamp
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.clients import Inconclusive, Rejected
from tufline.repository.jobs.publishing import (
    ClientRefused,
    Lane,
    build_judged,
    lane_between,
    renewal_of,
)
from tufline.repository.publish.compliance import Accepted

REFUSES = Rejected(said="a key that\nI do not know")


def published(*, staging: bool = True) -> tuple[Pipeline, Edge]:
    """Return what is published, and a URL that always serves what the store holds."""
    pipeline = read_at_url()
    if not staging:
        toml = pipeline.main.files["tufline.toml"].replace(b'staging = "staging"\n', b"")
        pipeline.main.files["tufline.toml"] = toml
        pipeline.merge_by_force(pipeline.main)
        pipeline.online_sign()
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    release(pipeline, edge)
    return pipeline, edge


def renew_timestamp(pipeline: Pipeline) -> None:
    pipeline.now += 5 * DAY
    pipeline.online_sign()


# which lane it is


def test_new_timestamp_alone_is_the_timestamp_lane() -> None:
    made = Made()
    before = made.state()
    made.renew_timestamp()
    assert lane_between(before, made.state()) is Lane.TIMESTAMP
    assert lane_between(before, before) is Lane.NOTHING


def test_snapshot_with_the_same_entries_is_the_timestamp_lane() -> None:
    made = Made()
    before = made.state()
    made.sign_online()
    assert made.version("snapshot") == 2
    assert lane_between(before, made.state()) is Lane.TIMESTAMP


def test_everything_else_is_the_content_lane() -> None:
    made = Made()
    before = made.state()
    made.rotate()
    assert lane_between(before, made.state()) is Lane.CONTENT
    content = Made()
    held = content.state()
    content.put("file.txt", b"two\n")
    content.sign_online()
    assert lane_between(held, content.state()) is Lane.CONTENT
    assert lane_between(None, held) is Lane.CONTENT


# what is tried


def test_timestamp_alone_is_not_tried_by_all_clients() -> None:
    pipeline, edge = published()
    renew_timestamp(pipeline)
    judges = Judges(REFUSES)

    done = release(pipeline, edge, judges)

    assert (done.lane, judges.asked) == ("timestamp", [])
    assert pipeline.version("timestamp") == 2
    assert isinstance(pipeline.refresh_client(at=pipeline.now), Accepted)


def test_content_is_tried_against_what_is_published_before_production_changes() -> None:
    pipeline, edge = published()
    sign_new_content(pipeline)
    judges = Judges()

    done = release(pipeline, edge, judges)

    assert done.lane is Lane.CONTENT
    assert len(judges.asked) == 1
    assert judges.published[0] is not None
    assert judges.published[0].metadata_url != judges.asked[0]
    assert "file.txt" in judges.wanted


def test_first_publication_follows_on_nothing() -> None:
    pipeline = read_at_url()
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    judges = Judges()

    release(pipeline, edge, judges)

    assert judges.published == [None]


def test_without_staging_clients_try_what_production_would_hold() -> None:
    pipeline, edge = published(staging=False)
    sign_new_content(pipeline)
    before = dict(pipeline.stores["production"].files)

    with pytest.raises(ClientRefused, match=r"planned store: ours \(new\): a key that I"):
        release(pipeline, edge, Judges(REFUSES))

    assert pipeline.stores["production"].files == before
    assert release(pipeline, edge, Judges()).production.written


def test_staging_may_have_a_url_of_its_own() -> None:
    pipeline = read_at_url(b'staging-url = "https://staging.example.org/x"\n')
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    judges = Judges()

    release(pipeline, edge, judges)

    assert judges.asked == ["https://staging.example.org/x/metadata/"]


@pytest.mark.parametrize(
    ("judges", "said"),
    [
        (Judges(Inconclusive(why="no such program")), "ours (new): no such program"),
        (Judges(fails=OSError("no room")), "the clients could not be started: no room"),
    ],
)
def test_clients_that_cannot_be_started_stop_nothing(judges: Judges, said: str) -> None:
    pipeline, edge = published()
    sign_new_content(pipeline)

    done = release(pipeline, edge, judges)

    assert done.inconclusive == (said,)
    assert isinstance(pipeline.refresh_client(), Accepted)
    assert pipeline.refresh_client().versions.targets == 2


# what happens to the timestamp meanwhile


def keep_fresh(pipeline: Pipeline, held: Pipeline) -> None:
    """Sign as online signing does where clients refuse what publish holds.

    One commit renews the timestamp over what clients have; one more, over the head's content, is
    newer than that. Versions in the line only grow.
    """
    head = pipeline.files(pipeline.head("publish"))
    path = "metadata/timestamp.json"
    for files in (pipeline.files(held.head("publish")), head):
        timestamp: Metadata[Timestamp] = Metadata.from_bytes(files[path])
        timestamp.signed.version = pipeline.version("timestamp") + 1
        timestamp.signed.expires = pipeline.now + 7 * DAY
        timestamp.sign(signer_for(ONLINE))
        pipeline.commit("publish", {**files, path: timestamp.to_bytes(JSONSerializer())})


def test_while_content_is_refused_clients_keep_theirs_and_stay_fresh() -> None:
    pipeline, edge = published()
    held = pipeline.copy()
    sign_new_content(pipeline)
    pipeline.now += 5 * DAY
    keep_fresh(pipeline, held)

    with pytest.raises(ClientRefused, match="clients keep what they have, with timestamp ver"):
        release(pipeline, edge, Judges(REFUSES))

    late = pipeline.now + 6 * DAY
    outcome = pipeline.refresh_client(at=late)
    assert isinstance(outcome, Accepted)
    assert (outcome.versions.timestamp, outcome.versions.targets) == (3, 1)
    assert not isinstance(held.refresh_client(at=late), Accepted)  # what it would be without


def test_content_that_is_accepted_later_follows_on_that() -> None:
    pipeline, edge = published()
    held = pipeline.copy()
    sign_new_content(pipeline)
    keep_fresh(pipeline, held)
    with pytest.raises(ClientRefused):
        release(pipeline, edge, Judges(REFUSES))

    done = release(pipeline, edge, Judges())

    assert done.lane is Lane.CONTENT
    outcome = pipeline.refresh_client()
    assert isinstance(outcome, Accepted)
    assert (outcome.versions.timestamp, outcome.versions.targets) == (4, 2)


def test_where_nothing_newer_is_signed_it_is_said_until_when_clients_have_a_timestamp() -> None:
    pipeline, edge = published()
    before = dict(pipeline.stores["production"].files)
    sign_new_content(pipeline)

    with pytest.raises(ClientRefused, match="timestamp version 1, valid until 2026-03-08"):
        release(pipeline, edge, Judges(REFUSES))

    assert pipeline.stores["production"].files == before


def test_timestamp_that_fails_to_go_out_meanwhile_is_said_beside_the_refusal() -> None:
    pipeline, edge = published()
    held = pipeline.copy()
    sign_new_content(pipeline)
    keep_fresh(pipeline, held)
    broken = MemoryStore(fail_at=1)
    broken.files = dict(pipeline.stores["production"].files)
    pipeline.stores["production"] = broken

    with pytest.raises(ClientRefused, match="do not know; and what clients have could not"):
        release(pipeline, edge, Judges(REFUSES))


def test_renewal_is_looked_for_back_to_what_clients_have_only() -> None:
    made = Made()
    old = made.state()
    made.renew_timestamp()
    held = made.state()
    made.put("file.txt", b"two\n")
    made.sign_online()

    line = [(str(place), state) for place, state in enumerate((made.state(), held, old))]
    assert renewal_of(held, line) is None  # type: ignore[arg-type] # any names do


# a folder that is deployed whole


def test_folder_holds_what_clients_have_with_a_new_timestamp_where_they_refuse_more() -> None:
    pipeline, edge = published()
    held = pipeline.copy()
    sign_new_content(pipeline)
    keep_fresh(pipeline, held)
    folder, emptied = MemoryStore(), MemoryStore()

    done = build_judged(
        pipeline.history,
        folder,
        now=pipeline.now,
        emptied=lambda: emptied,
        outside=edge.outside(Judges(REFUSES)),
    )

    assert done.held_back is not None
    assert done.held_back.reason == "ours (new): a key that I do not know"
    assert done.commit != pipeline.head("publish")
    pipeline.stores["built"] = emptied
    outcome = pipeline.refresh_client(store="built")
    assert isinstance(outcome, Accepted)
    assert (outcome.versions.timestamp, outcome.versions.targets) == (3, 1)


def test_folder_is_refused_where_nothing_else_can_be_built() -> None:
    pipeline, edge = published()
    sign_new_content(pipeline)

    with pytest.raises(ClientRefused, match="the built store"):
        build_judged(
            pipeline.history,
            MemoryStore(),
            now=pipeline.now,
            emptied=MemoryStore,
            outside=edge.outside(Judges(REFUSES)),
        )


def test_folder_with_a_new_timestamp_alone_is_not_tried_by_all_clients() -> None:
    pipeline, edge = published()
    renew_timestamp(pipeline)
    judges = Judges(REFUSES)

    done = build_judged(
        pipeline.history, MemoryStore(), now=pipeline.now, outside=edge.outside(judges)
    )

    assert (done.lane, judges.asked) == (Lane.TIMESTAMP, [])
