"""What would make the online signer use a key or content that nobody accepted, or stop."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.jobs.scenarios import EVENT, NEXT_KEY, add_online_role, changed_artifact, started
from tests.support.delegating import delegate
from tests.support.judging import rewrite
from tests.support.memory_store import MemoryStore
from tests.support.pipeline import DAY, SETTINGS, Pipeline, first_main
from tests.support.sample import ONLINE, STRANGER, Sample, key_for, signer_for
from tuf.api.metadata import Metadata, Root

from tufline.repository.history import Commit, CorruptRepository, Move
from tufline.repository.jobs import ChangeRefused
from tufline.repository.publish import Rollback, StoreFailed
from tufline.repository.publish.compliance import Accepted
from tufline.repository.state import Files

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


def tighten_expiry(settings: bytes) -> bytes:
    return settings + b'[review]\nlongest-expiry = { "*" = 100 }\n'


def tighten_online_keys(settings: bytes) -> bytes:
    return settings + b'[review]\nonline-keys = ["gcpkms:"]\n'


@pytest.mark.parametrize("tighten", [tighten_expiry, tighten_online_keys])
def test_settings_that_forbid_what_main_holds_are_refused_before_they_count(
    tighten: Callable[[bytes], bytes],
) -> None:
    """Else publishing, which goes by them, would refuse for ever."""
    pipeline = started(publish=True)
    main = pipeline.main.copy()
    main.files["tufline.toml"] = tighten(SETTINGS)
    pipeline.merge_by_force(main)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert (outcome.refused is not None, outcome.signed) == (True, ("timestamp",))
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def give_targets_to(*names: str) -> Callable[[Root], None]:
    def change(root: Root) -> None:
        root.roles["targets"].keyids = []
        for name in names:
            root.add_key(key_for(name), "targets")

    return change


def through_other_keys(main: Sample) -> Sample:
    """Return a main two roots ahead: targets verifies under the first and the last of three."""
    ahead = main.copy()
    ahead.edit("root", give_targets_to("@alice#2", "@bob#2"))
    ahead.edit("root", give_targets_to("@alice", "@bob"))
    ahead.edit("targets", signers=["@alice", "@bob"])
    return ahead


def test_root_in_between_under_which_targets_does_not_verify_is_refused() -> None:
    pipeline = started(publish=True)
    ahead = through_other_keys(pipeline.main)
    pipeline.merge_by_force(ahead)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert outcome.refused is not None
    (error,) = outcome.refused.errors
    assert str(error) == (
        "unsigned: targets: does not verify under root 2, which clients may hold; "
        "publish what is accepted first, or declare root 3 an emergency"
    )
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_emergency_that_is_declared_with_its_root_is_taken() -> None:
    pipeline = started(publish=True)
    ahead = through_other_keys(pipeline.main)
    ahead.files["tufline.toml"] = SETTINGS + b"[review]\nemergency-roots = [3]\n"
    pipeline.merge_by_force(ahead)

    assert pipeline.online_sign().refused is None
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_targets_waits_for_a_production_that_lags_behind() -> None:
    """Published as it is, it would stop clients, and publishing would refuse it for ever."""
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    changed.edit("root", give_targets_to("@bob", "@carol", "@dave"))
    changed.edit("targets", signers=["@bob", "@carol"])
    pipeline.merge_by_force(changed)
    assert pipeline.online_sign().refused is None
    later = changed.copy()
    later.edit("root", give_targets_to("@carol", "@dave"))
    later.edit("targets", signers=["@carol", "@dave"])
    pipeline.merge_by_force(later)

    assert pipeline.online_sign().refused is not None

    pipeline.publish()
    assert pipeline.online_sign().refused is None
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def no_branch(pipeline: Pipeline) -> None:
    head = pipeline.head("main")
    pipeline.history.move([Move(branch="main", old=head, new=None)])


def no_tree(pipeline: Pipeline) -> None:
    files = pipeline.history.files
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    main = pipeline.head("main")

    def broken(commit: Commit) -> Files:
        if commit == main:
            raise CorruptRepository("tree holds a mode")
        found: Files = files(commit)
        return found

    pipeline.history.files = broken


@pytest.mark.parametrize("damage", [no_branch, no_tree])
def test_attack_main_that_cannot_even_be_read_does_not_stop_the_timestamp(
    damage: Callable[[Pipeline], None],
) -> None:
    pipeline = started(publish=True)
    damage(pipeline)
    pipeline.now += 5 * DAY

    steps = pipeline.tick()

    assert pipeline.version("timestamp") == 2
    assert any(step.job == "online-sign" and step.problem for step in steps)
    assert isinstance(pipeline.refresh_client(), Accepted)


@pytest.mark.parametrize(
    "text",
    [
        b'[author]\nname = "a <b>"\n',
        b'[author]\nname = "."\n',
        b'[author]\nemail = "a\\nb"\n',
        b'[publish]\nproduction = "a\\u0000b"\n',
        b"[review]\nlongest-expiry = { root = 9999999999 }\n",
    ],
)
def test_attack_settings_that_every_later_run_would_fail_with_are_refused(text: bytes) -> None:
    """Once accepted they would count, and no run could take better ones."""
    pipeline = started()
    main = pipeline.main.copy()
    main.files["tufline.toml"] = text
    pipeline.merge_by_force(main)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert outcome.signed == ("timestamp",)
    assert outcome.refused is not None
    assert [each.rule for each in outcome.refused.errors] == ["settings"]


@pytest.mark.parametrize("failure", [StoreFailed("x", "broken"), PermissionError(13, "denied")])
def test_store_that_cannot_be_seen_does_not_stop_the_timestamp(failure: Exception) -> None:
    """Where it is, is a setting; only a run that takes a better one can mend that."""
    pipeline = started(publish=True)

    class Broken(MemoryStore):
        def get(self, name: str) -> bytes:
            raise failure if name else AssertionError

    pipeline.stores["production"] = Broken()
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)
