"""What went wrong in public TUF repositories, done again: each would be done here without a check.

What would be refused by some clients only is named before anybody signs; the rest, before anything
is published.
"""

import json

import pytest
from securesystemslib.signer import Key
from tests.jobs.arranging import changed_artifact
from tests.jobs.visibility import read_at_url, release, sign_new_content
from tests.support.edge import Edge
from tests.support.memory_store import Fault, MemoryStore
from tests.support.memory_workflows import MemoryWorkflows
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample, key_for, keyid_of
from tuf.api.metadata import Root

from tufline.repository.forge import Act, Task
from tufline.repository.jobs.publishing import ServesNewer, build_judged
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.jobs.watch import watch
from tufline.repository.publish import Rollback, StoreFailed

EVENT = "sign/key"


def put_back(pipeline: Pipeline) -> None:
    """Put the publish branch back by one commit, as somebody with a force push can."""
    branches = pipeline.history._branches  # noqa: SLF001 - jobs cannot do this, so no port does
    (branches["publish"], *_) = pipeline.history.info(branches["publish"]).parents


def served() -> tuple[Pipeline, Edge]:
    """Return a pipeline that published twice, and what its clients read."""
    pipeline = read_at_url()
    edge = Edge(pipeline.stores["production"])
    edge.caches = False
    release(pipeline, edge)
    sign_new_content(pipeline)
    release(pipeline, edge)
    return pipeline, edge


# an older revision was published


def test_older_revision_is_not_published_over_a_newer_store() -> None:
    pipeline, _ = served()
    before = dict(pipeline.stores["production"].files)
    put_back(pipeline)
    blind = Edge(MemoryStore())  # the URL tells nothing

    with pytest.raises(Rollback, match="timestamp version 2 is deployed, version 1"):
        release(pipeline, blind)

    assert pipeline.stores["production"].files == before


def test_older_revision_is_not_built_for_a_place_that_we_cannot_read() -> None:
    pipeline, edge = served()
    put_back(pipeline)
    folder = MemoryStore()

    with pytest.raises(ServesNewer, match="timestamp version 2, and version 1 is to be published"):
        build_judged(pipeline.history, folder, now=pipeline.now, outside=edge.outside())

    assert folder.files == {}


# a failed deployment was not tried again before the next signature


@pytest.mark.parametrize("fault", Fault)
def test_failed_deployment_is_tried_again_though_nothing_is_signed(fault: Fault) -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.online_sign()
    broken = MemoryStore(fail_at=4, fault=fault)
    broken.files = dict(pipeline.stores["production"].files)
    pipeline.stores["production"] = broken
    with pytest.raises(StoreFailed):
        pipeline.publish()
    signed = pipeline.head("publish")
    if fault is Fault.LOST:  # where it took effect after all, clients have all of it
        watch(pipeline.place, (), MemoryWorkflows(), ahead=pipeline.now - pipeline.now)
        assert (Task.PUBLISH, None) in pipeline.forge.requested

    pipeline.publish()

    assert pipeline.head("publish") == signed
    assert broken.files == pipeline.stores["staging"].files


def test_nobody_is_asked_to_publish_what_clients_have() -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)

    watch(pipeline.place, (), MemoryWorkflows(), ahead=pipeline.now - pipeline.now)

    assert (Task.PUBLISH, None) not in pipeline.forge.requested


# empty signatures were published


def test_empty_signatures_are_in_git_and_never_in_public() -> None:
    main = Sample()
    main.files["tufline.toml"] = b'[publish]\nproduction = "production"\n'
    main.sign("targets", main.load("targets"), ["@alice", "@bob"])
    assert _has_empty(main.files["metadata/targets.json"])
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)

    metadata = {
        name: data
        for name, data in pipeline.stores["production"].files.items()
        if name.startswith("metadata/")
    }
    assert "metadata/1.targets.json" in metadata
    assert not [name for name, data in metadata.items() if _has_empty(data)]
    held = pipeline.files(pipeline.head("publish"))
    assert _has_empty(held["metadata/targets.json"])  # so it was publishing that left them out


def _has_empty(data: bytes) -> bool:
    return any(not each["sig"] for each in json.loads(data)["signatures"])


# a root had a key under another id than its content has: Rust clients refused it


def _hashed_without_its_owner() -> Key:
    key = key_for("@mallory")
    owner = dict(key.unrecognized_fields)
    key.unrecognized_fields.clear()
    key.keyid = keyid_of(key)
    key.unrecognized_fields.update(owner)
    return key


def _with_any_id() -> Key:
    key = key_for("@mallory")
    key.keyid = "0" * 64
    return key


@pytest.mark.parametrize("key", [_hashed_without_its_owner(), _with_any_id()])
def test_key_under_another_id_is_named_before_anybody_is_asked_to_sign(key: Key) -> None:
    pipeline = Pipeline()
    event = pipeline.main.copy()

    def add(root: Root) -> None:
        root.add_key(key, "root")

    event.edit("root", add, signers=[])
    pipeline.push(EVENT, event)

    signing_event(pipeline.place, EVENT)

    status = pipeline.forge.statuses()[EVENT]
    assert status.verdict == "refused"
    assert (
        f"has the id {key.keyid}; by its content it is {key_for('@mallory').keyid}" in status.text
    )
    assert {each.act for each in status.asks} == {Act.MEND}
