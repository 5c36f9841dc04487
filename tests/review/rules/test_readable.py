import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.judging import judge, rewrite, said, verdict
from tests.support.sample import Sample

RULE = "readable"


def with_targets(data: bytes) -> Sample:
    event = Sample()
    event.files["metadata/targets.json"] = data
    return event


def changed_json(change: Callable[[Any], object]) -> bytes:
    tree = json.loads(Sample().files["metadata/targets.json"])
    change(tree)
    return json.dumps(tree).encode()


UNREADABLE = {
    "truncated": b'{"signed": {',
    "not_utf8": b"\xff\xfe",
    "a_list": b"[]",
    "duplicate_key": b'{"signed": {"version": 1, "version": 2}, "signatures": []}',
    "float": b'{"signed": {"_type": "targets", "version": 1.0}, "signatures": []}',
    "huge_integer": b'{"signed": {"_type": "targets", "version": 9007199254740993}}',
    "nested_deeply": b"[" * 100_000,
    "too_large": b" " * 5_000_001,
    "wrong_type": changed_json(lambda tree: tree["signed"].update(_type="root")),
    "version_true": changed_json(lambda tree: tree["signed"].update(version=True)),
    "version_zero": changed_json(lambda tree: tree["signed"].update(version=0)),
    "signature_null": changed_json(lambda tree: tree["signatures"][0].update(sig=None)),
    "signature_twice": changed_json(lambda t: t["signatures"].append(t["signatures"][0])),
    "expires_with_offset": changed_json(
        lambda t: t["signed"].update(expires="2027-01-01T00:00:00+01:00")
    ),
    "threshold_true": changed_json(
        lambda tree: tree["signed"]["delegations"]["roles"][0].update(threshold=True)
    ),
    "threshold_zero": changed_json(
        lambda tree: tree["signed"]["delegations"]["roles"][0].update(threshold=0)
    ),
    "keyids_a_text": changed_json(
        lambda tree: tree["signed"]["delegations"]["roles"][0].update(keyids="abc")
    ),
    "keyid_twice": changed_json(
        lambda tree: tree["signed"]["delegations"]["roles"][0].update(keyids=["a", "a"])
    ),
    "paths_a_text": changed_json(
        lambda tree: tree["signed"]["delegations"]["roles"][0].update(paths="abc")
    ),
    "terminating_a_text": changed_json(
        lambda tree: tree["signed"]["delegations"]["roles"][0].update(terminating="false")
    ),
    "unsupported_key": changed_json(
        lambda tree: next(iter(tree["signed"]["delegations"]["keys"].values())).update(
            keytype="dsa", scheme="dsa"
        )
    ),
    "length_true": changed_json(
        lambda tree: tree["signed"]["targets"]["file.txt"].update(length=True)
    ),
}


REASONS = {
    "truncated": "not JSON",
    "not_utf8": "not UTF-8 at byte 0",
    "a_list": "no object 'signed'",
    "duplicate_key": "key 'version' stands twice",
    "float": "1.0 is not an integer",
    "huge_integer": "integer 9007199254740993 is too large",
    "nested_deeply": "nested too deeply",
    "too_large": "5000001 bytes, over the 5000000 that clients accept",
    "wrong_type": "_type is 'root', not 'targets'",
    "version_true": "a value of the wrong type: version",
    "version_zero": "version must be > 0",
    "signature_null": "a value of the wrong type: signatures",
    "signature_twice": "Multiple signatures found",
    "expires_with_offset": "does not match format",
    "threshold_true": "a value of the wrong type: threshold of npm",
    "threshold_zero": "threshold should be at least 1",
    "keyids_a_text": "a value of the wrong type: keyids of npm",
    "keyid_twice": "Nonunique keyids",
    "paths_a_text": "a value of the wrong type: paths of npm",
    "terminating_a_text": "a value of the wrong type: terminating of npm",
    "unsupported_key": "is of a type that is not supported",
    "length_true": "a value of the wrong type: length or hashes of file.txt",
}


@pytest.mark.parametrize("defect", REASONS)
def test_a_changed_file_that_cannot_be_read_is_refused(defect: str) -> None:
    found = judge(Sample(), with_targets(UNREADABLE[defect]))

    (line,) = said(found, RULE)
    assert line.startswith("error targets: cannot be read: ")
    assert REASONS[defect] in line
    assert verdict(found) == "refused"


def test_the_reason_and_the_file_are_named() -> None:
    found = judge(Sample(), with_targets(UNREADABLE["duplicate_key"]))

    assert said(found, RULE) == [
        (
            "error targets: cannot be read: key 'version' stands twice in one object;"
            " restore the file or write it anew"
        )
    ]
    assert [each.path for each in found.findings if each.rule == RULE] == ["metadata/targets.json"]


def test_a_root_that_cannot_be_read_is_refused() -> None:
    event = Sample()
    rewrite(event, "root", lambda tree: tree["signed"].update(consistent_snapshot="yes"))

    assert said(judge(Sample(), event), RULE) == [
        (
            "error root: cannot be read: a value of the wrong type: consistent_snapshot;"
            " restore the file or write it anew"
        )
    ]


def test_an_old_root_that_nobody_asks_for_is_not_read() -> None:
    base = Sample()
    base.edit("root")
    base.files["metadata/root_history/1.root.json"] = b"from another time"
    event = base.copy()
    event.edit("root")

    assert said(judge(base, event), RULE) == []
