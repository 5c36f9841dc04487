import hashlib
from datetime import timedelta
from functools import partial

import pytest
from tests.edit.event import NPM, Event, terms
from tests.support.sample import ARTIFACTS, NOW, Sample
from tuf.api.metadata import TargetFile

from tufline.repository.edit import (
    Draft,
    NotListedThere,
    UnknownHashAlgorithm,
    delegate,
    describe_artifact,
    update_targets,
)
from tufline.repository.format import TARGETS, Owner, RoleName
from tufline.repository.state import Kind, Lookup, MemoryFiles, State


def update(event: Event, *artifacts: str, days: int = 0) -> dict[str, bytes | None]:
    draft = event.draft(NOW + timedelta(days=days))
    update_targets(draft, artifacts, Lookup(draft.event))
    return event.apply(draft)


def sample_with(artifact: str, **fields: object) -> Sample:
    sample = Sample()
    role = "npm" if artifact.startswith("npm/") else "targets"
    sample.edit(role, lambda t: t.targets[artifact].unrecognized_fields.update(fields))
    return sample


def test_a_new_artifact_is_listed_by_its_role_alone() -> None:
    event = Event()
    event.files["targets/npm/a/b.txt"] = b"new\n"
    assert set(update(event, "npm/a/b.txt")) == {"metadata/npm.json"}
    entry = event.signed("npm").targets["npm/a/b.txt"]
    assert (entry.length, entry.hashes) == (4, {"sha256": hashlib.sha256(b"new\n").hexdigest()})
    assert event.signed("npm").version == 2


def test_listing_again_changes_nothing() -> None:
    event = Event()
    event.files["targets/new.txt"] = b"new\n"
    assert update(event, "new.txt")
    assert update(event, "new.txt", days=1) == {}


def test_a_role_whose_artifacts_are_as_listed_is_not_touched() -> None:
    assert update(Event(), *ARTIFACTS) == {}


def test_a_changed_artifact_keeps_custom_fields_and_algorithms() -> None:
    sample = sample_with("file.txt", custom={"a": [1]}, other="x")
    old = {"sha512": hashlib.sha512(b"one\n").hexdigest()}
    sample.edit("targets", lambda targets: setattr(targets.targets["file.txt"], "hashes", old))
    event = Event(sample.files)
    event.files["targets/file.txt"] = b"two\n"
    update(event, "file.txt")
    entry = event.signed("targets").targets["file.txt"]
    assert entry.hashes == {"sha512": hashlib.sha512(b"two\n").hexdigest()}
    assert entry.unrecognized_fields == {"custom": {"a": [1]}, "other": "x"}


def test_a_new_artifact_is_hashed_like_the_others_of_its_role() -> None:
    sample = Sample()
    both = TargetFile.from_data("npm/keys.json", b"keys\n", ["sha512", "sha256"])
    sample.edit("npm", lambda targets: targets.targets.update({"npm/keys.json": both}))
    event = Event(sample.files)
    event.files["targets/npm/more.json"] = b"more\n"
    update(event, "npm/more.json")
    assert set(event.signed("npm").targets["npm/more.json"].hashes) == {"sha256", "sha512"}


def test_a_hash_that_cannot_be_computed_is_named() -> None:
    sample = Sample()
    sample.edit("npm", lambda t: setattr(t.targets["npm/keys.json"], "hashes", {"md17": "00"}))
    event = Event(sample.files)
    event.files["targets/npm/keys.json"] = b"changed"
    with pytest.raises(UnknownHashAlgorithm, match=r"npm/keys\.json cannot be hashed with md17"):
        update(event, "npm/keys.json")


def test_a_removed_artifact_is_no_longer_listed() -> None:
    event = Event()
    del event.files["targets/npm/keys.json"]
    assert set(update(event, "npm/keys.json")) == {"metadata/npm.json"}
    assert event.signed("npm").targets == {}


def test_an_artifact_that_now_belongs_to_an_earlier_role_leaves_the_later_one() -> None:
    event = Event()
    first = RoleName("first")
    draft = event.draft()
    people = terms(Owner("@bob"))
    delegate(draft, TARGETS, first, people, paths=["npm/*"], terminating=False)
    delegations = draft.targets(TARGETS).delegations
    assert delegations is not None
    assert delegations.roles is not None
    delegations.roles = dict(reversed(delegations.roles.items()))
    update_targets(draft, ["npm/keys.json"], Lookup(draft.result()))
    event.apply(draft)
    assert list(event.signed("first").targets) == ["npm/keys.json"]
    assert event.signed("npm").targets == {}


def test_a_wrong_listing_by_a_role_that_clients_ask_too_is_removed() -> None:
    sample = Sample()
    entry = TargetFile.from_data("npm/keys.json", b"keys\n", ["sha256"])
    sample.edit("targets", lambda targets: targets.targets.update({"npm/keys.json": entry}))
    event = Event(sample.files)
    assert set(update(event, "npm/keys.json")) == {"metadata/targets.json"}
    assert "npm/keys.json" not in event.signed("targets").targets


@pytest.mark.parametrize("artifact", ["nobody/file", ".hidden", "npm/.x/y", "npm/\udcff"])
def test_what_no_role_can_list_is_left_to_the_rules(artifact: str) -> None:
    event = Event()
    event.files[f"targets/{artifact}"] = b"x"
    assert update(event, artifact) == {}


@pytest.mark.parametrize("kind", [Kind.SYMLINK, Kind.SUBMODULE])
def test_what_is_no_plain_file_keeps_the_entry_it_has(kind: Kind) -> None:
    event = Event()
    event.files["targets/file.txt"] = b"elsewhere"
    state = State(MemoryFiles(event.files, {"targets/file.txt": kind}))
    draft = Draft(known_good=State(MemoryFiles(event.main)), event=state, now=NOW)
    update_targets(draft, ["file.txt"], Lookup(state))
    assert draft.files() == {}


def test_a_role_whose_metadata_is_missing_is_left_to_the_rules() -> None:
    event = Event()
    event.files["targets/npm/new"] = b"x"
    del event.files["metadata/npm.json"]
    assert update(event, "npm/new") == {}


def test_pushes_one_after_the_other_are_one_version() -> None:
    event = Event()
    for content in (b"a", b"b", b"c"):
        event.files["targets/file.txt"] = content
        update(event, "file.txt")
    assert event.signed("targets").version == 2
    assert event.signed("targets").targets["file.txt"].length == 1


def test_custom_data_and_hashes_are_set_and_taken_away() -> None:
    event = Event()
    draft = event.draft()
    described = partial(describe_artifact, draft, NPM, "npm/keys.json")
    described(custom={"a": 1}, algorithms=["sha512", "sha256", "sha512"])
    entry = draft.targets(NPM).targets["npm/keys.json"]
    assert (list(entry.hashes), entry.custom) == (["sha512", "sha256"], {"a": 1})
    described()
    assert draft.targets(NPM).targets["npm/keys.json"] == entry
    described(custom={})
    assert draft.targets(NPM).targets["npm/keys.json"].custom is None
    with pytest.raises(NotListedThere, match="npm does not list npm/other"):
        describe_artifact(draft, NPM, "npm/other", custom={})
    with pytest.raises(UnknownHashAlgorithm):
        described(algorithms=["md17"])


def test_a_nested_role_keeps_what_it_lists_and_gets_what_it_is_given() -> None:
    event = Event()
    draft = event.draft()
    core = RoleName("npm-core")
    delegate(draft, NPM, core, terms(Owner("@bob")), paths=["npm/*"])
    update_targets(
        draft, ["npm/keys.json"], Lookup(draft.result()), listers={"npm/keys.json": core}
    )
    event.apply(draft)
    event.files["targets/npm/keys.json"] = b"changed"
    assert set(update(event, "npm/keys.json")) == {"metadata/npm-core.json"}
    assert event.signed("npm").targets == {}
