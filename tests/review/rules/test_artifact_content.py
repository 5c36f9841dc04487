from collections.abc import Callable

import pytest
from tests.support.delegating import delegate
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import Sample
from tuf.api.metadata import TargetFile

PATH = "targets/npm/keys.json"


def _edit_entry(sample: Sample, change: Callable[[TargetFile], object]) -> None:
    sample.edit("npm", lambda targets: change(targets.targets["npm/keys.json"]))


def test_file_changed_before_its_entry_is_waited_for() -> None:
    base = Sample()
    event = base.copy()
    event.files[PATH] = b"other bytes"
    found = judge(base, event)
    assert said(found, "artifact-content") == [
        "waiting npm: has 11 bytes, its metadata says 5; the metadata must be updated"
    ]
    assert verdict(found) == "waiting"
    event.put("npm/keys.json", b"other bytes")
    assert said(judge(base, event), "artifact-content") == []
    assert verdict(judge(base, event)) == "ready"


def test_row_d_main_with_other_bytes_than_listed_is_refused() -> None:
    base = Sample()
    main = base.copy()
    main.files[PATH] = b"k3ys\n"  # the same length
    for found in (judge_whole(base, main), judge_whole(None, main)):
        (remark,) = said(found, "artifact-content")
        assert remark.startswith("error npm: is not what its metadata says: Observed hash")
        assert remark.endswith("; restore the file or update the metadata")
        assert verdict(found) == "refused"


def test_row_d_event_with_other_bytes_than_it_lists_is_refused() -> None:
    base = Sample()
    event = base.copy()
    event.put("npm/keys.json", b"new1\n")
    event.files[PATH] = b"new2\n"
    found = judge(base, event)
    assert places(found, "artifact-content") == [f"error {PATH}"]
    assert verdict(found) == "refused"


def test_row_d_entry_that_no_longer_fits_its_file_is_refused() -> None:
    base = Sample()
    for change in (
        lambda entry: setattr(entry, "length", 6),
        lambda entry: entry.hashes.update(sha256="0" * 64),
        lambda entry: entry.hashes.update(sha512="0" * 128),
        lambda entry: entry.hashes.update(sha256=entry.hashes["sha256"].upper()),
    ):
        event = base.copy()
        _edit_entry(event, change)
        found = judge(base, event)
        assert places(found, "artifact-content") == [f"error {PATH}"]
        assert verdict(found) == "refused"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "whirl-9"])
def test_entry_without_a_strong_hash_is_refused(algorithm: str) -> None:
    base = Sample()
    event = base.copy()
    _edit_entry(event, lambda entry: setattr(entry, "hashes", {algorithm: "ab"}))
    for found in (judge(base, event), judge_whole(None, event)):
        assert said(found, "artifact-content") == [
            (
                f"error npm: has no strong hash, only {algorithm}; add sha256; restore the file or "
                "update the metadata"
            )
        ]


def test_hash_that_cannot_be_computed_is_refused_beside_one_that_can() -> None:
    base = Sample()
    event = base.copy()
    _edit_entry(event, lambda entry: entry.hashes.update({"whirl-9": "../../x"}))
    (remark,) = said(judge(base, event), "artifact-content")
    assert "Unsupported algorithm 'whirl-9'" in remark


@pytest.mark.parametrize("algorithm", ["sha384", "sha512", "blake2b-256", "sha3_256"])
def test_any_strong_hash_will_do(algorithm: str) -> None:
    base = Sample()
    event = base.copy()
    entry = TargetFile.from_data("npm/keys.json", event.files[PATH], [algorithm])
    _edit_entry(event, lambda old: setattr(old, "hashes", entry.hashes))
    assert said(judge(base, event), "artifact-content") == []
    assert verdict(judge_whole(None, event)) == "ready"


def test_file_of_a_nested_role_is_compared() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {"npm/deep/x": b"1"}, by="npm")
    event = base.copy()
    event.files["targets/npm/deep/x"] = b"2"
    assert places(judge(base, event), "artifact-content") == ["waiting targets/npm/deep/x"]
    assert places(judge_whole(base, event), "artifact-content") == ["error targets/npm/deep/x"]


def test_event_answers_only_for_files_and_entries_it_touches() -> None:
    base = Sample()
    base.files[PATH] = b"wrong already"
    event = base.copy()
    event.put("npm/other", b"1")
    assert said(judge(base, event), "artifact-content") == []
