"""What would make the online signer use a key or content that nobody accepted, or stop."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.jobs.arranging import EVENT, NEXT_KEY, add_online_role, changed_artifact, started
from tests.support.delegating import delegate
from tests.support.judging import rewrite
from tests.support.pipeline import DAY, Pipeline, first_main
from tests.support.sample import ONLINE, STRANGER, Sample, key_for, signer_for
from tuf.api.metadata import Metadata

from tufline.repository.history import Commit, Move
from tufline.repository.jobs import ChangeRefused
from tufline.repository.publish import Rollback
from tufline.repository.publish.compliance import Accepted

LARGEST = 2**53 - 1


def give_to(sample: Sample, delegator: str, role: str, name: str, *signers: str) -> None:
    """Let exactly this key sign a delegated role; the delegator is signed by `signers`."""
    metadata = sample.load(delegator)
    metadata.signed.delegations.roles[role].keyids = []
    metadata.signed.add_key(key_for(name), role)
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer_for(signer), append=True)
    sample.write(delegator, metadata)


def unsigned(sample: Sample, role: str) -> None:
    metadata = sample.load(role)
    metadata.signatures.clear()
    sample.write(role, metadata)


def by_way_of_mallory(main: Sample) -> Sample:
    """Return an event in which nobody but @mallory signed: she delegates to an online key."""
    event = main.copy()
    delegate(event, "evil", ["evil/*"], {})
    delegate(event, "worse", ["evil/worse"], {}, by="evil")
    give_to(event, "targets", "evil", STRANGER)
    give_to(event, "evil", "worse", NEXT_KEY, STRANGER)
    unsigned(event, "worse")
    event.edit("targets", version=2, signers=[])
    return event


def test_attack_stranger_s_own_role_delegates_to_an_online_key() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, by_way_of_mallory(pipeline.main))

    assert (pipeline.sign_event(EVENT), pipeline.keys.used) == ((), [])
    assert NEXT_KEY not in pipeline.keys.tried


def test_attack_online_signed_role_brings_a_key_that_known_good_does_not_name() -> None:
    """The online key signs whatever an event says of its role; that must not widen by itself."""
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    event = main.copy()
    delegate(event, "worse", ["nightly/worse"], {}, by="nightly")
    give_to(event, "nightly", "worse", NEXT_KEY)
    unsigned(event, "worse")
    pipeline.push(EVENT, event)
    assert pipeline.sign_event(EVENT) == ("nightly",)

    with pytest.raises(ChangeRefused, match="online-keys"):
        pipeline.sign_event(EVENT)
    assert pipeline.keys.used == [ONLINE]
    assert NEXT_KEY not in pipeline.keys.tried


@pytest.mark.parametrize("branch", ["main", "publish"])
@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_attack_unsigned_version_uses_up_all_versions(role: str, branch: str) -> None:
    pipeline = started(publish=True)
    files = pipeline.files(pipeline.head("publish"))
    sample = pipeline.main.copy()
    sample.files |= {path: files[path] for path in files if path.startswith("metadata/")}
    rewrite(sample, role, lambda tree: tree["signed"].update(version=LARGEST))
    pipeline.commit(branch, sample.files)
    pipeline.now += 5 * DAY

    pipeline.online_sign()

    assert pipeline.version("timestamp") < 10
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_attack_deployed_version_that_nobody_signed_is_not_continued() -> None:
    pipeline = started(publish=True)
    store = pipeline.stores["production"]
    name = "metadata/timestamp.json"
    metadata: Metadata[Any] = Metadata.from_bytes(store.files[name])
    metadata.signed.version = LARGEST
    store.files[name] = metadata.to_bytes()
    pipeline.now += 5 * DAY

    pipeline.online_sign()

    assert pipeline.version("timestamp") == 2


def rewind(pipeline: Pipeline, branch: str, to: Commit) -> None:
    pipeline.history.move([Move(branch=branch, old=pipeline.head(branch), new=None)])
    pipeline.history.move([Move(branch=branch, old=None, new=to)])


@pytest.mark.parametrize("main_too", [False, True])
def test_attack_rewound_publish_continues_above_what_is_deployed(*, main_too: bool) -> None:
    pipeline = started(publish=True)
    old, old_main = pipeline.head("publish"), pipeline.head("main")
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.online_sign()
    pipeline.publish()
    rewind(pipeline, "publish", old)
    if main_too:  # then there is older content only, which clients refuse: it must be said
        rewind(pipeline, "main", old_main)

    assert pipeline.online_sign().signed == ("snapshot", "timestamp")

    assert (pipeline.version("snapshot"), pipeline.version("timestamp")) == (3, 3)
    if main_too:
        with pytest.raises(Rollback, match="targets version 2 is deployed"):
            pipeline.publish()
    else:
        pipeline.publish()
        assert isinstance(pipeline.refresh_client(), Accepted)


def test_attack_publish_rewound_to_an_older_timestamp_heals() -> None:
    pipeline = started(publish=True)
    old = pipeline.head("publish")
    pipeline.now += 5 * DAY
    pipeline.online_sign()
    pipeline.publish()
    pipeline.now -= DAY
    rewind(pipeline, "publish", old)
    pipeline.now += DAY / 2

    assert pipeline.online_sign().signed == ("timestamp",)

    assert pipeline.version("timestamp") == 3
    pipeline.publish()


def test_attack_timestamp_on_publish_names_another_snapshot() -> None:
    """Both are truly signed; an older timestamp was put back."""
    pipeline = started()
    older = pipeline.files(pipeline.head("publish"))["metadata/timestamp.json"]
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    pipeline.online_sign()
    files = pipeline.files(pipeline.head("publish"))
    pipeline.commit("publish", {**files, "metadata/timestamp.json": older})

    assert pipeline.online_sign().signed == ("timestamp",)
    pipeline.publish()


def with_evil_targets(sample: Sample) -> None:
    sample.put("file.txt", b"evil\n")
    sample.edit("targets", version=3, signers=[])


def with_evil_root(sample: Sample) -> None:
    def take_over(root: Any) -> None:  # noqa: ANN401 - python-tuf's
        for role in ("snapshot", "timestamp"):
            root.revoke_key(key_for(ONLINE).keyid, role)
            root.add_key(key_for(NEXT_KEY), role)

    sample.edit("root", take_over, signers=[STRANGER])


@pytest.mark.parametrize("change", [with_evil_targets, with_evil_root])
def test_attack_unsigned_content_on_publish_is_not_signed_over(
    change: Callable[[Sample], None],
) -> None:
    pipeline = started(publish=True)
    evil = pipeline.main.copy()
    change(evil)
    files = pipeline.files(pipeline.head("publish"))
    pipeline.commit("publish", {**files, **evil.files})
    pushed, used = pipeline.head("publish"), list(pipeline.keys.used)
    pipeline.now += 20 * DAY

    with pytest.raises(Exception, match="publish"):
        pipeline.online_sign()

    assert (pipeline.head("publish"), pipeline.keys.used) == (pushed, used)


def test_attack_commit_that_pretends_to_be_published_hides_no_artifact() -> None:
    """It has the deployed timestamp, and an artifact that the store does not have."""
    pipeline = started(publish=True)
    files = pipeline.files(pipeline.head("publish"))
    changed = changed_artifact(pipeline.main)
    content = {path: data for path, data in changed.files.items() if "timestamp" not in path}
    pipeline.commit("publish", {**files, **content})
    pipeline.merge_by_force(changed)
    pipeline.online_sign()

    pipeline.publish()

    assert isinstance(pipeline.refresh_client(), Accepted)
