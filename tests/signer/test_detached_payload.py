"""A payload is hostile: what is read of it, what is refused, what is never done."""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from tests.signer.carrying import forged
from tests.signer.helpers import NOW
from tests.signer.machine import (
    BASE,
    BOB,
    EVENT,
    NAME,
    Machine,
    changed,
    event_of,
    first_use,
    look,
    packed,
)
from tests.support.attested import attestation_of, replace_bob, trusting
from tests.support.sample import Sample

from tufline.repository.attestation import Attested
from tufline.repository.format import Owner
from tufline.repository.review import Lineage, keys_alone
from tufline.signer._asked import asked_of
from tufline.signer.detached import (
    InvalidPayload,
    PayloadTooLarge,
    pack,
    read_medium,
    unpack,
)


def _edited_root(sample: Sample) -> Sample:
    event = sample.copy()
    event.edit("root", signers=[])
    return event


def _without_artifact(sample: Sample) -> Sample:
    event = sample.copy()
    del event.files["targets/npm/keys.json"]
    event.edit("npm", lambda targets: targets.targets.clear(), signers=[])
    return event


def _delegated_otherwise(sample: Sample) -> Sample:
    event = sample.copy()
    event.edit("targets", lambda targets: targets.delegations.roles["npm"].paths.pop(), signers=[])
    return event


EVENTS: dict[str, Callable[[Sample], Sample]] = {
    "artifact": changed,
    "root": _edited_root,
    "artifact_removed": _without_artifact,
    "delegation": _delegated_otherwise,
}


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_payload_is_reviewed_as_the_event_is(make: Callable[[Sample], Sample]) -> None:
    event = event_of(BASE, make(BASE))
    data = pack(event, keys_alone, look)
    carried = unpack(data, keys_alone)
    assert look(carried) == look(event)
    for person in (BOB, Owner("@dave"), Owner("@nobody")):
        assert asked_of(person, carried, now=NOW) == asked_of(person, event, now=NOW)
    assert pack(event, keys_alone, look) == data
    assert pack(carried, keys_alone, look) == data


def test_attestations_are_judged_there_by_the_vendors_that_main_names() -> None:
    base = trusting(BASE.copy())
    proposed = base.copy()
    proposed.edit("root", replace_bob, signers=[])
    proposed.files |= attestation_of("@bob#2")
    (origin,) = unpack(packed(base, proposed), keys_alone).review(now=NOW).origins.values()
    assert isinstance(origin, Attested)


def test_payload_holds_what_matters_and_not_the_rest() -> None:
    base = BASE.copy()
    base.files |= {f"targets/npm/{n}.bin": os.urandom(1000) for n in range(50)}
    base.edit("npm")
    tree = json.loads(packed(base, changed(base)))
    contents = [base64.b64decode(each) for each in tree["contents"]]
    assert b"two\n" in contents
    assert b"one\n" in contents
    assert base.files["metadata/root.json"] in contents
    assert not any(len(each) == 1000 for each in contents)


def test_payload_that_would_be_too_large_is_refused() -> None:
    with pytest.raises(PayloadTooLarge):
        pack(event_of(BASE, EVENT), keys_alone, look, largest=10_000)


def test_lineage_of_the_event_is_judged_too() -> None:
    lineage = Lineage(merge_bases=1, stale=("metadata/targets.json",))
    carried = unpack(packed(BASE, EVENT, lineage=lineage), keys_alone)
    assert [each.rule for each in carried.review(now=NOW).errors] == ["stale-path"]


# what is no payload


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not_json": lambda _: b"\xff\xfe",
    "a_list": lambda _: b"[]",
    "cut_off": lambda data: data[:-20],
    "bit_flipped": lambda data: data.replace(b'"behind": false', b'"behind": true '),
    "key_twice": lambda data: data.replace(b"{", b'{"event": "sign/other",', 1),
    "nested": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_payload_is_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidPayload):
        unpack(damage(packed(BASE, EVENT)), keys_alone)


def _put(*path: Any, to: object) -> Callable[[Any], object]:  # noqa: ANN401 - keys of JSON
    def change(tree: Any) -> None:  # noqa: ANN401 - JSON
        for each in path[:-1]:
            tree = tree[each]
        tree[path[-1]] = to

    return change


FORGERIES: dict[str, Callable[[Any], object]] = {
    "newer_version": _put("version", to=2),
    "other_format": _put("format", to="tufline-signatures"),
    "extra_field": _put("verdict", to="ready"),
    "field_missing": lambda tree: tree.pop("lineage"),
    "no_event": _put("event", to="main"),
    "event_with_escape": _put("event", to="sign/\x1b[2J"),
    "event_very_long": _put("event", to="sign/" + "x" * 300),
    "main_is_no_commit": _put("main", to="HEAD"),
    "behind_is_a_number": _put("behind", to=1),
    "lineage_is_empty": _put("lineage", to={}),
    "lineage_of_text": _put("lineage", to={"merge-bases": "1", "stale": []}),
    "path_climbs_out": _put("proposed", "metadata/../../etc/passwd", to=["file", "x"]),
    "path_is_absolute": _put("proposed", "/etc/passwd", to=["file", "x"]),
    "path_into_git": _put("known-good", ".GIT/hooks/pre-push", to=["file", "x"]),
    "path_with_nul": _put("proposed", "targets/a\0b", to=["file", "x"]),
    "path_very_long": _put("proposed", "a" * 5000, to=["file", "x"]),
    "unknown_kind": _put("proposed", "targets/x", to=["device", "x"]),
    "no_id": _put("proposed", "targets/x", to=["file", ""]),
    "entry_is_a_number": _put("proposed", "targets/x", to=1),
    "side_is_a_list": _put("known-good", to=[]),
    "contents_is_an_object": _put("contents", to={}),
    "content_is_not_base64": _put("contents", to=["%%%"]),
    "content_is_a_number": _put("contents", to=[1]),
}


@pytest.mark.parametrize("change", FORGERIES.values(), ids=FORGERIES)
def test_attack_forged_payload_is_refused(
    change: Callable[[Any], object], machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    said = machine.refuses(capsys, forged(machine.bring(), change))
    assert said.startswith("error: this is not a payload to sign: "), said


def test_attack_file_that_is_no_plain_file(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    link, pipe = machine.medium / "link", machine.medium / "pipe"
    link.symlink_to(machine.bring())
    os.mkfifo(pipe)
    assert "link is a symbolic link" in machine.refuses(capsys, link)
    assert "pipe is not a plain file" in machine.refuses(capsys, pipe)
    assert "medium is not a plain file" in machine.refuses(capsys, machine.medium)
    assert "cannot be used: No such file" in machine.refuses(capsys, machine.medium / "none")
    with (machine.medium / "giant").open("wb") as giant:
        giant.truncate(2**40)
    assert "larger than 67108864 bytes" in machine.refuses(capsys, machine.medium / "giant")
    assert read_medium(machine.medium / "payload", largest=10**6)


# what a forger could say


def test_attack_content_that_review_needs_is_left_out(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = forged(machine.bring(), lambda tree: tree["contents"].pop())
    assert "the payload does not hold " in machine.refuses(capsys, payload, *first_use())


def test_attack_change_that_breaks_a_rule_is_refused(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    other = base64.b64encode(b"poison").decode()

    def swap(tree: Any) -> None:  # noqa: ANN401 - JSON
        tree["contents"] = [
            other if base64.b64decode(each) == b"two\n" else each for each in tree["contents"]
        ]
        tree["proposed"]["targets/file.txt"][1] = hashlib.sha256(b"poison").hexdigest()

    said = machine.refuses(capsys, forged(machine.bring(), swap), *first_use())
    assert f"{NAME} is refused" in said


def test_attack_another_repository_is_not_taken_for_the_known_one(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.sign(capsys, machine.bring(), *first_use()).code == 0
    machine.output.unlink()
    other = Sample(people=("@bob", "@alice"), threshold=1)
    payload = machine.bring(other, changed(other), "other")
    assert "give --root-fingerprint HEX" in machine.refuses(capsys, payload)
    said = machine.refuses(capsys, payload, *first_use())
    assert "which is not what --root-fingerprint gives" in said


def test_attack_older_main_than_this_machine_saw(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = BASE.copy()
    newer.edit("root")
    assert machine.sign(capsys, machine.bring(newer, changed(newer)), *first_use()).code == 0
    machine.output.unlink()
    said = machine.refuses(capsys, machine.bring(name="old"))
    assert "main is older than the repository that this machine saw" in said
