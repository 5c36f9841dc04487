import json

import pytest
from securesystemslib.signer import Signature
from tests.edit.event import ALICE, NPM, Event, is_verified
from tests.support.sample import key_for
from tuf.api.metadata import Targets

from tufline.repository.edit import (
    resign,
    role_files,
    set_threshold,
    strip_empty_signatures,
    with_signature,
)
from tufline.repository.format import ROOT, TARGETS, InvalidMetadata, parse_document
from tufline.repository.state import MemoryFiles, State


def states(event: Event) -> tuple[State, State]:
    return State(MemoryFiles(event.main)), State(MemoryFiles(event.files))


def test_a_signature_takes_the_place_of_its_keys_entry_and_touches_nothing_else() -> None:
    event = Event()
    draft = event.draft()
    draft.targets(TARGETS).unrecognized_fields["x"] = 1
    event.apply(draft)
    tree = json.loads(event.files["metadata/targets.json"])
    tree["signatures"][0] |= {"sig": "aa", "bundle": {"kept": [1, 2]}}
    data = json.dumps(tree, indent=1, separators=(",", ": "), sort_keys=True).encode()
    middle = tree["signatures"][1]["keyid"]
    signed = with_signature(parse_document(data, Targets), Signature(middle, "beef", {"more": 1}))
    tree["signatures"][1] = {"keyid": middle, "sig": "beef", "more": 1}
    assert signed == json.dumps(tree, indent=1, separators=(",", ": "), sort_keys=True).encode()


def test_a_key_without_an_entry_is_appended() -> None:
    event = Event()
    document = parse_document(event.files["metadata/npm.json"], Targets)
    signed = json.loads(with_signature(document, Signature("ab", "cd")))
    assert [entry["keyid"] for entry in signed["signatures"]] == [key_for("@dave").keyid, "ab"]


def test_root_lies_at_two_paths() -> None:
    assert role_files(ROOT, 3, b"x") == {
        "metadata/root.json": b"x",
        "metadata/root_history/3.root.json": b"x",
    }
    assert role_files(NPM, 3, b"x") == {"metadata/npm.json": b"x"}


def test_a_ready_event_loses_its_empty_signatures_and_nothing_else() -> None:
    event = Event()
    event.files["notes.json"] = b'{"signatures": [{"sig": ""}]}'
    draft = event.draft()
    set_threshold(draft, TARGETS, 1)
    resign(draft, NPM)
    event.apply(draft)
    event.sign("root", ALICE, "@bob")
    event.sign("npm", "@dave")
    stripped = strip_empty_signatures(*states(event))
    assert set(stripped) == {"metadata/root.json", "metadata/root_history/2.root.json"}
    event.files |= stripped
    assert event.unsigned("root") == []
    assert event.files["metadata/root.json"] == event.files["metadata/root_history/2.root.json"]
    assert is_verified(event, "root", "root")
    assert strip_empty_signatures(*states(event)) == {}


def test_empty_signatures_that_main_has_already_are_not_touched() -> None:
    event = Event()
    tree = json.loads(event.files["metadata/npm.json"])
    tree["signatures"].append({"keyid": "aa", "sig": ""})
    event.files["metadata/npm.json"] = json.dumps(tree).encode()
    event.merge()
    del event.files["metadata/targets.json"]
    assert strip_empty_signatures(*states(event)) == {}


def test_an_event_with_what_is_no_metadata_is_not_ready() -> None:
    event = Event()
    event.files["metadata/npm.json"] = b'{"": ""}'
    with pytest.raises(InvalidMetadata):
        strip_empty_signatures(*states(event))
