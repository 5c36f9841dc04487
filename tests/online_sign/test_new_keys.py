"""Under which roots an online key signs, when the key is replaced or lost."""

import pytest
from tests.jobs.arranging import replace_online_key, started, with_settings
from tests.support.memory_store import Fault, MemoryStore
from tests.support.pipeline import DAY, Pipeline
from tests.support.sample import NOW, ONLINE, Sample, key_for

from tufline.online_sign._not_signed import NotSigned
from tufline.repository.publish import StoreFailed
from tufline.repository.publish.compliance import Accepted

NEXT = "file2:next"


def signers_of(pipeline: Pipeline, role: str) -> set[str]:
    """Return the online keys whose signature on the role's metadata verifies, by python-tuf."""
    data = pipeline.files(pipeline.head("publish"))[f"metadata/{role}.json"]
    sample = Sample.__new__(Sample)
    sample.files = {f"metadata/{role}.json": data}
    metadata = sample.load(role)
    found = set()
    for uri in (ONLINE, NEXT):
        key = key_for(uri)
        if key.keyid in metadata.signatures:
            key.verify_signature(metadata.signatures[key.keyid], metadata.signed_bytes)
            found.add(uri)
    return found


def test_new_online_key_signs_together_with_the_old_one() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    assert signers_of(pipeline, "timestamp") == signers_of(pipeline, "snapshot") == {ONLINE, NEXT}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_once_the_new_root_is_deployed_the_old_key_signs_no_more() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.online_sign()
    pipeline.publish()
    pipeline.keys.missing.add(ONLINE)
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)
    assert signers_of(pipeline, "timestamp") == {NEXT}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_deployed_root_that_lags_behind_is_still_served_by_its_key() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.online_sign()
    _publish_all_but_the_new_root(pipeline)
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)

    assert signers_of(pipeline, "timestamp") == {ONLINE, NEXT}
    assert isinstance(pipeline.refresh_client(at=NOW), Accepted)
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def _publish_all_but_the_new_root(pipeline: Pipeline) -> None:
    before = pipeline.copy()
    pipeline.publish()
    puts = pipeline.stores["production"].puts[len(before.stores["production"].puts) :]
    names = [put.name for put in puts]
    store = MemoryStore(fail_at=names.index("metadata/2.root.json") + 1, fault=Fault.LOST)
    store.files = before.stores["production"].files
    pipeline.stores["production"] = store
    with pytest.raises(StoreFailed, match=r"2\.root\.json"):
        pipeline.publish()


def test_lost_old_key_stops_new_content_until_an_emergency_is_declared() -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.keys.missing.add(ONLINE)
    with pytest.raises(NotSigned, match=ONLINE):
        pipeline.online_sign()


def test_in_a_declared_emergency_the_new_key_alone_is_enough() -> None:
    main = with_settings(b"[review]\nemergency-roots = [2]\n")
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)
    changed = main.copy()
    replace_online_key(changed, NEXT)
    pipeline.merge_by_force(changed)
    pipeline.keys.missing.add(ONLINE)

    pipeline.online_sign()

    assert signers_of(pipeline, "timestamp") == {NEXT}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)
