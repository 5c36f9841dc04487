"""What forks offer to an event: all but signatures that verify is declined."""

import json
from collections.abc import Callable, Mapping

import pytest
from tests.jobs.arranging import EVENT, offer
from tests.jobs.offering import reason, run, sample_of, signed, signers, waiting_event
from tests.support.pipeline import Pipeline
from tests.support.sample import STRANGER, key_for

from tufline.repository.history import Move

REF = "refs/pull/7/head"
TARGETS = "metadata/targets.json"


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
