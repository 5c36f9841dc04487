"""What forks offer to an event: signatures that verify are taken, all else is declined."""

import json
from collections.abc import Callable, Iterable, Mapping

import pytest
from tests.jobs.scenarios import EVENT, changed_artifact, offer
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import STRANGER, Sample, key_for
from tuf.api.metadata import Metadata, Root, Targets
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.history import Move
from tufline.repository.jobs.signing_event import signing_event

REF = "refs/pull/7/head"
TARGETS = "metadata/targets.json"


def waiting_event(main: Sample | None = None) -> Pipeline:
    """Return an event that nobody has signed yet."""
    pipeline = Pipeline(main=main or first_main())
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), [])
    pipeline.push(EVENT, event)
    return pipeline


def sample_of(pipeline: Pipeline, branch: str = EVENT) -> Sample:
    sample = pipeline.main.copy()
    sample.files = pipeline.files(pipeline.head(branch))
    return sample


def signed(pipeline: Pipeline, *people: str, role: str = "targets") -> dict[str, bytes]:
    """Return the event's files as somebody has them who signed, in their own clone."""
    sample = sample_of(pipeline)
    sample.sign(role, sample.load(role), people)
    return sample.files


def run(pipeline: Pipeline) -> str:
    status = signing_event(pipeline.place, EVENT).status
    assert status is not None
    return status.verdict


def signers(pipeline: Pipeline, role: str = "targets") -> set[str]:
    data = pipeline.files(pipeline.head(EVENT))[f"metadata/{role}.json"]
    found = Metadata[Targets].from_bytes(data).signatures.items()
    names = {key_for(name).keyid: name for name in ("@alice", "@bob", "@carol", STRANGER, "@dave")}
    return {names[keyid] for keyid, signature in found if signature.signature}


def reason(pipeline: Pipeline, number: int = 7) -> str:
    _, said = pipeline.forge.declined[number]
    assert isinstance(said, str)
    return said


def test_signature_is_committed_with_the_contribution_as_a_parent() -> None:
    pipeline = waiting_event()
    before = pipeline.head(EVENT)
    offered = offer(pipeline, signed(pipeline, "@bob"))

    assert run(pipeline) == "waiting"

    info = pipeline.history.info(pipeline.head(EVENT))
    assert info.parents == (before, offered)
    assert signers(pipeline) == {"@bob"}
    assert pipeline.forge.declined == {}


def test_all_that_is_committed_of_it_are_signatures() -> None:
    pipeline = waiting_event()
    before = pipeline.files(pipeline.head(EVENT))
    files = signed(pipeline, "@bob")
    files[TARGETS] = json.dumps(json.loads(files[TARGETS])).encode()  # in a form of their own
    offer(pipeline, files)
    run(pipeline)

    after = pipeline.files(pipeline.head(EVENT))
    assert {path for path in after if after[path] != before[path]} == {TARGETS}
    metadata = Metadata[Targets].from_bytes(after[TARGETS])
    assert after[TARGETS] == metadata.to_bytes(JSONSerializer())
    assert metadata.signed == Metadata[Targets].from_bytes(before[TARGETS]).signed


def test_two_forks_at_once_make_the_event_ready() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    offer(pipeline, signed(pipeline, "@carol"), number=8)

    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}
    assert pipeline.forge.declined == {}


def test_attack_many_offers_are_taken_up_over_several_runs() -> None:
    pipeline = waiting_event()
    for number in range(25):
        offer(pipeline, {"README": b"%d" % number}, number=number)

    run(pipeline)
    assert len(pipeline.forge.declined) == 20
    run(pipeline)
    assert len(pipeline.forge.declined) == 25


def test_signature_of_an_earlier_commit_counts_while_the_content_is_the_same() -> None:
    pipeline = waiting_event()
    files, old = signed(pipeline, "@bob"), pipeline.head(EVENT)
    pipeline.commit(EVENT, signed(pipeline, "@carol"))
    offer(pipeline, files, onto=old)

    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}


def test_root_is_signed_in_both_of_its_places_and_by_the_keys_of_the_root_before() -> None:
    def only_new_keys(root: Root) -> None:
        for name in ("@alice", "@bob", "@carol"):
            root.revoke_key(key_for(name).keyid, "root")
        for name in ("@alice#2", "@bob#2"):
            root.add_key(key_for(name), "root")

    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.edit("root", only_new_keys, signers=["@alice#2", "@bob#2"])
    pipeline.push(EVENT, event)
    offer(pipeline, signed(pipeline, "@alice#2", "@bob#2", "@alice", "@bob", role="root"))
    before = Metadata[Root].from_bytes(pipeline.files(pipeline.head(EVENT))["metadata/root.json"])

    assert run(pipeline) == "ready"

    files = pipeline.files(pipeline.head(EVENT))
    after = Metadata[Root].from_bytes(files["metadata/root.json"])
    people = {key_for(name).keyid for name in ("@alice", "@bob", "@alice#2", "@bob#2")}
    assert after.signatures.keys() == people
    for name in ("@alice#2", "@bob#2"):  # ours, though theirs is as good
        assert after.signatures[key_for(name).keyid] == before.signatures[key_for(name).keyid]
    assert files["metadata/root.json"] == files["metadata/root_history/2.root.json"]


def test_contribution_that_took_main_in_as_signers_tools_do_is_taken() -> None:
    pipeline = waiting_event()
    files = signed(pipeline, "@bob")
    main = pipeline.main.copy()
    main.put("npm/keys.json", b"later\n")
    pipeline.merge_by_force(main)
    changed = {path: data for path, data in main.files.items() if "npm" in path}
    offer(pipeline, {**files, **changed}, merging=[pipeline.head("main")])

    run(pipeline)

    assert pipeline.forge.declined == {}
    assert signers(pipeline) == {"@bob"}
    assert pipeline.files(pipeline.head(EVENT))["targets/npm/keys.json"] == b"later\n"
    assert pipeline.head("main") in pipeline.history.info(pipeline.head(EVENT)).parents


def test_fork_that_moved_between_is_left_to_the_next_run() -> None:
    pipeline = waiting_event()
    old = offer(pipeline, signed(pipeline, "@bob"))
    new = offer(pipeline, signed(pipeline, "@carol"))
    pipeline.forge.offered[EVENT] = pipeline.forge.offered[EVENT][:1]
    assert pipeline.forge.offered[EVENT][0].head == old != new

    run(pipeline)

    assert (signers(pipeline), pipeline.forge.declined) == (set(), {})


def test_fork_that_is_gone_between_is_passed_over() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    pipeline.history.offered.clear()

    run(pipeline)

    assert (signers(pipeline), pipeline.forge.declined) == (set(), {})


def test_what_was_taken_is_not_taken_or_declined_again() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    run(pipeline)
    head = pipeline.head(EVENT)

    run(pipeline)

    assert (pipeline.head(EVENT), pipeline.forge.declined) == (head, {})


def test_event_that_moves_while_it_is_read_loses_nothing() -> None:
    pipeline = waiting_event()
    offer(pipeline, signed(pipeline, "@bob"))
    theirs = signed(pipeline, "@carol")
    move = pipeline.history.move

    def move_after_somebody(moves: Iterable[object]) -> None:
        pipeline.history.move = move
        pipeline.commit(EVENT, theirs)
        move(moves)

    pipeline.history.move = move_after_somebody

    assert run(pipeline) == "ready"
    assert signers(pipeline) == {"@bob", "@carol"}


def test_refused_event_leaves_what_is_offered_until_it_is_mended() -> None:
    pipeline = waiting_event()
    files = signed(pipeline, "@bob")
    offer(pipeline, files)
    sound = pipeline.files(pipeline.head(EVENT))
    pipeline.commit(EVENT, {**sound, "README": b""})
    assert run(pipeline) == "refused"
    assert pipeline.forge.declined == {}

    pipeline.commit(EVENT, sound)
    run(pipeline)

    assert signers(pipeline) == {"@bob"}


# what is declined


def other_version(pipeline: Pipeline) -> Mapping[str, bytes]:
    sample = sample_of(pipeline)
    sample.edit("targets", signers=["@bob"])
    return sample.files


def other_content(pipeline: Pipeline) -> Mapping[str, bytes]:
    sample = sample_of(pipeline)
    metadata = sample.load("targets")
    metadata.signed.targets.clear()
    sample.sign("targets", metadata, ["@bob"])
    return sample.files


def with_an_artifact(pipeline: Pipeline) -> Mapping[str, bytes]:
    return {**signed(pipeline, "@bob"), "targets/file.txt": b"evil\n"}


def with_a_workflow(pipeline: Pipeline) -> Mapping[str, bytes]:
    return {**signed(pipeline, "@bob"), ".github/workflows/@x`<b>.yml": b"on: push\n"}


def with_an_invitation(pipeline: Pipeline) -> Mapping[str, bytes]:
    return {**signed(pipeline, "@bob"), "metadata/.signing-event-state": b"{}"}


def with_an_old_root(pipeline: Pipeline) -> Mapping[str, bytes]:
    return {**signed(pipeline, "@bob"), "metadata/root_history/1.root.json": b"{}"}


def with_online_metadata(pipeline: Pipeline) -> Mapping[str, bytes]:
    return {**signed(pipeline, "@bob"), "metadata/timestamp.json": b"{}"}


def without_a_file(pipeline: Pipeline) -> Mapping[str, bytes]:
    files = signed(pipeline, "@bob")
    del files["metadata/npm.json"]
    return files


def unreadable(pipeline: Pipeline) -> Mapping[str, bytes]:
    return {**signed(pipeline, "@bob"), TARGETS: b'{"signed": '}


def entry_of(files: Mapping[str, bytes], person: str, **change: object) -> Mapping[str, bytes]:
    """Return the files with one signature's JSON changed."""
    tree = json.loads(files[TARGETS])
    for entry in tree["signatures"]:
        if entry["keyid"] == key_for(person).keyid:
            entry.update(change)
    return {**files, TARGETS: json.dumps(tree).encode()}


def forged(pipeline: Pipeline) -> Mapping[str, bytes]:
    return entry_of(signed(pipeline, "@bob"), "@bob", sig="30" * 70)


def with_spaces_in_the_signature(pipeline: Pipeline) -> Mapping[str, bytes]:
    files = signed(pipeline, "@bob")
    (value,) = (each["sig"] for each in json.loads(files[TARGETS])["signatures"] if each["sig"])
    return entry_of(files, "@bob", sig=f" {value}")


def with_more_in_the_entry(pipeline: Pipeline) -> Mapping[str, bytes]:
    return entry_of(signed(pipeline, "@bob"), "@bob", note="<b>")


def by_a_stranger(pipeline: Pipeline) -> Mapping[str, bytes]:
    return signed(pipeline, STRANGER)


def nothing_new(pipeline: Pipeline) -> Mapping[str, bytes]:
    files = pipeline.files(pipeline.head(EVENT))
    return {**files, TARGETS: json.dumps(json.loads(files[TARGETS])).encode()}


def of_a_role_that_does_not_change(pipeline: Pipeline) -> Mapping[str, bytes]:
    return signed(pipeline, "@dave", role="npm")


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (other_version, "it has version `3` of `targets`, which is not what the event has as"),
        (other_content, "it has version `2` of `targets`, which is not what the event has as"),
        (with_an_artifact, "it changes `targets/file.txt`, and nothing but signatures can be"),
        (with_a_workflow, 'it changes `".github/workflows/@x\\u0060<b>.yml"`, and nothing but'),
        (with_an_invitation, "it changes `metadata/.signing-event-state`, and nothing but"),
        (with_an_old_root, "it changes `metadata/root_history/1.root.json`, and nothing but"),
        (with_online_metadata, "it changes `metadata/timestamp.json`, and nothing but"),
        (without_a_file, "it deletes `metadata/npm.json`"),
        (unreadable, "`metadata/targets.json` cannot be read"),
        (forged, "the signature of `targets` by `@bob` does not verify"),
        (with_spaces_in_the_signature, "is not written in hex"),
        (with_more_in_the_entry, "the signature of `@bob` carries more than a signature"),
        (by_a_stranger, " may not sign `targets`"),
        (nothing_new, "it holds no signature that the event lacks"),
        (of_a_role_that_does_not_change, "the event does not change `npm`"),
    ],
)
def test_attack_contribution_with_anything_else_is_declined_with_the_reason(
    attack: Callable[[Pipeline], Mapping[str, bytes]], said: str
) -> None:
    pipeline = waiting_event()
    head = pipeline.head(EVENT)
    offer(pipeline, dict(attack(pipeline)))

    assert run(pipeline) == "waiting"

    assert said in reason(pipeline)
    assert pipeline.head(EVENT) == head


def test_attack_signature_that_the_event_had_is_not_removed_by_another() -> None:
    pipeline = waiting_event()
    pipeline.commit(EVENT, signed(pipeline, "@carol"))
    offer(pipeline, signed(pipeline, "@bob"))

    run(pipeline)

    assert "it removes the signature of `targets` by key " in reason(pipeline)
    assert signers(pipeline) == {"@carol"}


def test_attack_contribution_does_not_bring_commits_of_another_event_along() -> None:
    pipeline = waiting_event()
    other = pipeline.main.copy()
    other.put("npm/keys.json", b"other\n")
    theirs = pipeline.push("sign/other", other)
    offer(pipeline, signed(pipeline, "@bob"), merging=[theirs])

    run(pipeline)

    assert f"it merges `{theirs}`, which is neither the event's nor main's" in reason(pipeline)


@pytest.mark.parametrize("branch", ["sign/other", "feature"])
def test_attack_contribution_that_is_built_on_another_branch_would_end_that(branch: str) -> None:
    """Main would contain that branch's commits, so its pull request would be shown as merged."""
    pipeline = waiting_event()
    other = pipeline.main.copy()
    other.put("npm/keys.json", b"other\n")
    theirs = pipeline.push(branch, other)
    before = pipeline.head(EVENT)
    files = {**signed(pipeline, "@bob"), **pipeline.main.files}
    files[TARGETS] = signed(pipeline, "@bob")[TARGETS]
    offer(pipeline, files, onto=theirs)

    run(pipeline)

    assert f"it is built on commits of the branch `{branch}`" in reason(pipeline)
    assert pipeline.head(EVENT) == before


def test_contribution_from_a_branch_of_the_repository_itself_is_taken() -> None:
    pipeline = waiting_event()
    offered = offer(pipeline, signed(pipeline, "@bob"))
    pipeline.history.move([Move(branch="bobs-signature", old=None, new=offered)])

    run(pipeline)

    assert signers(pipeline) == {"@bob"}


def test_contribution_that_did_not_begin_at_the_event_is_declined() -> None:
    pipeline = waiting_event()
    unrelated = pipeline.commit("elsewhere", signed(pipeline, "@bob"))
    offer(pipeline, signed(pipeline, "@bob"), onto=unrelated)

    run(pipeline)

    assert "does not begin at the event" in reason(pipeline)


def test_attack_contribution_of_corrupt_objects_is_declined_and_stops_nothing_else() -> None:
    pipeline = waiting_event()
    broken = offer(pipeline, signed(pipeline, "@bob"))
    offer(pipeline, signed(pipeline, "@carol"), number=8)
    pipeline.history.lose(broken)

    run(pipeline)

    assert "it cannot be read: `the git repository is damaged: " in reason(pipeline)
    assert signers(pipeline) == {"@carol"}
