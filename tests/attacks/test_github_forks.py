"""What people without push rights offer to an event: only signatures that count are ever taken."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from tests.attacks.github import EVENT, World, tuf_on_github, unsigned_change
from tests.support.on_github import BOT, NAME
from tests.support.sample import STRANGER, Sample, key_for

from tufline.repository.jobs.signing_event import signing_event

Files = Mapping[str, bytes | None]
TARGETS = "metadata/targets.json"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An event that waits for signatures; @bob has signed it."""
    with tuf_on_github(tmp_path) as world:
        event = unsigned_change(world.main)
        event.sign("targets", event.load("targets"), ["@bob"])
        world.push(EVENT, event.files)
        run(world)
        yield world


def run(world: World) -> None:
    world.run(lambda place: signing_event(place, EVENT))


def signed(event: Sample, *people: str) -> Sample:
    event.sign("targets", event.load("targets"), people)
    return event


def an_artifact_too(event: Sample) -> Files:
    return {**signed(event, "@bob", "@carol").files, "targets/file.txt": b"evil\n"}


def a_new_artifact_too(event: Sample) -> Files:
    return {**signed(event, "@bob", "@carol").files, "targets/new.txt": b"evil\n"}


def a_workflow_too(event: Sample) -> Files:
    path = ".github/workflows/signing-event.yml"
    return {**signed(event, "@bob", "@carol").files, path: b"on: push\n"}


def settings_too(event: Sample) -> Files:
    settings = b"[merge]\nat-threshold = true\n"
    return {**signed(event, "@bob", "@carol").files, "tufline.toml": settings}


def a_deleted_file_too(event: Sample) -> Files:
    return {**signed(event, "@bob", "@carol").files, "targets/npm/keys.json": None}


def an_invitation_too(event: Sample) -> Files:
    state = b'{"invites": {"@mallory": ["targets"]}}'
    return {**signed(event, "@bob", "@carol").files, "metadata/.signing-event-state": state}


def another_version(event: Sample) -> Files:
    event.edit("targets", signers=["@carol"])
    return event.files


def an_older_version(event: Sample) -> Files:
    event.edit("targets", signers=["@carol"], version=1)
    return event.files


def other_content_of_the_same_version(event: Sample) -> Files:
    metadata = event.load("targets")
    metadata.signed.targets.pop("file.txt")
    event.sign("targets", metadata, ["@bob", "@carol"])
    return event.files


def the_signature_of_a_stranger(event: Sample) -> Files:
    return signed(event, "@bob", STRANGER).files


def the_signature_of_a_stranger_in_the_name_of_a_signer(event: Sample) -> Files:
    metadata = event.load("targets")
    event.sign("targets", metadata, ["@bob", STRANGER])
    forged = metadata.signatures.pop(key_for(STRANGER).keyid)
    forged.keyid = key_for("@carol").keyid
    metadata.signatures[forged.keyid] = forged
    event.write("targets", metadata)
    return event.files


def the_signature_of_another_in_carols_name(event: Sample) -> Files:
    metadata = signed(event, "@bob").load("targets")
    stolen = metadata.signatures[key_for("@bob").keyid].signature
    metadata.signatures[key_for("@carol").keyid].signature = stolen
    event.write("targets", metadata)
    return event.files


def the_signature_without_that_of_another(event: Sample) -> Files:
    return signed(event, "@carol").files


def an_executable(event: Sample) -> Files:
    return {**event.files, "run.sh": b"#!/bin/sh\nexit 1\n"}


def nothing_that_the_event_lacks(event: Sample) -> Files:
    return signed(event, "@bob").files


REASONS: dict[Callable[[Sample], Files], str] = {
    an_artifact_too: "it changes `targets/file.txt`, and nothing but signatures can be taken",
    a_new_artifact_too: "it changes `targets/new.txt`, and nothing but signatures can be taken",
    a_workflow_too: "it changes `.github/workflows/signing-event.yml`, and nothing but signatures",
    settings_too: "it changes `tufline.toml`, and nothing but signatures can be taken",
    a_deleted_file_too: "it changes `targets/npm/keys.json`, and nothing but signatures",
    an_invitation_too: "it changes `metadata/.signing-event-state`, and nothing but signatures",
    another_version: "it has version `3` of `targets`, which is not what the event has",
    an_older_version: "it has version `1` of `targets`, which is not what the event has",
    other_content_of_the_same_version: "which is not what the event has as version `2`",
    the_signature_of_a_stranger: " may not sign `targets`",
    the_signature_of_a_stranger_in_the_name_of_a_signer: (
        "the signature of `targets` by `@carol` does not verify"
    ),
    the_signature_of_another_in_carols_name: (
        "the signature of `targets` by `@carol` does not verify"
    ),
    the_signature_without_that_of_another: "it removes the signature of `targets` by key `",
    an_executable: "it changes `run.sh`, and nothing but signatures can be taken",
    nothing_that_the_event_lacks: "it holds no signature that the event lacks",
}


@pytest.mark.parametrize("offered", REASONS)
def test_attack_fork_offers_more_or_less_than_signatures(
    world: World, offered: Callable[[Sample], Files]
) -> None:
    before = world.head(EVENT)
    number = world.offer("eve", offered(world.sample(EVENT)))
    for _ in range(2):
        run(world)

    issue = world.github.repository.issues[number]
    (answer,) = issue.comments
    assert answer.author == BOT
    assert "This was not taken: " in answer.body
    assert REASONS[offered] in answer.body
    assert (issue.state, world.head(EVENT)) == ("open", before)


def test_signature_from_a_fork_is_taken_and_its_pull_request_is_over(world: World) -> None:
    number = world.offer("carol", signed(world.sample(EVENT), "@bob", "@carol").files)
    run(world)

    issue = world.github.repository.issues[number]
    assert (issue.comments, issue.pull and issue.pull.merged is not None) == ([], True)
    assert world.state() == "success"


def test_attack_bad_offer_does_not_stop_a_good_one(world: World) -> None:
    bad = world.offer("eve", an_artifact_too(world.sample(EVENT)))
    good = world.offer("carol", signed(world.sample(EVENT), "@bob", "@carol").files)
    run(world)

    issues = world.github.repository.issues
    assert (issues[bad].state, issues[good].state) == ("open", "closed")
    assert world.state() == "success"
    assert world.files(EVENT)["targets/file.txt"] == b"two\n"


@pytest.mark.parametrize("base", ["main", "publish"])
def test_attack_fork_offers_signatures_to_another_branch(world: World, base: str) -> None:
    world.push("publish", {})
    fork = world.github.hub.fork(NAME, "eve").full_name
    files = signed(world.sample(EVENT), "@bob", "@carol").files
    world.push("offer", files, onto=EVENT, repository=fork, login="eve")
    number = world.github.pull("offer", base=base, login="eve")
    before = {branch: world.head(branch) for branch in (EVENT, "main", "publish")}
    run(world)

    issue = world.github.repository.issues[number]
    assert (issue.state, issue.comments) == ("open", [])
    assert {branch: world.head(branch) for branch in before} == before


def test_attack_fork_changes_its_offer_after_it_was_declined(world: World) -> None:
    """It is answered again, in the same comment: nobody is spammed by pushing often."""
    number = world.offer("eve", an_artifact_too(world.sample(EVENT)))
    run(world)
    for text in (b"1", b"2"):
        world.push("offer", {"other": text}, repository="eve/tuf", login="eve")
        run(world)

    (answer,) = world.github.repository.issues[number].comments
    assert "it changes `other`" in answer.body


def test_attack_fork_brings_the_commits_of_another_event(world: World) -> None:
    before = world.head(EVENT)
    fork = world.github.hub.fork(NAME, "eve").full_name
    evil = world.push("evil", {"targets/evil": b"evil"}, repository=fork, login="eve")
    files = signed(world.sample(EVENT), "@bob", "@carol").files
    world.push("offer", files, onto=EVENT, repository=fork, login="eve", merging=[evil])
    number = world.github.pull("offer", base=EVENT, login="eve")
    run(world)

    (answer,) = world.github.repository.issues[number].comments
    assert f"it merges `{evil}`, which is neither the event's nor main's" in answer.body
    assert world.head(EVENT) == before
