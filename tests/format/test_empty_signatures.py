"""Empty signatures are dropped, and nothing else of a file is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sample import Sample

from tufline.repository.format import InvalidMetadata, without_empty_signatures, write_json


def file_with(*signatures: str, note: str = "x") -> bytes:
    entries = [{"keyid": f"k{place}", "sig": sig} for place, sig in enumerate(signatures)]
    return write_json({"signed": {"_type": "targets", "note": note}, "signatures": entries})


def test_only_empty_signatures_go() -> None:
    stripped = json.loads(without_empty_signatures(file_with("", "ab", "", "cd")))
    assert stripped["signatures"] == [{"keyid": "k1", "sig": "ab"}, {"keyid": "k3", "sig": "cd"}]
    assert stripped["signed"] == {"_type": "targets", "note": "x"}


def test_it_is_written_as_python_tuf_writes() -> None:
    assert without_empty_signatures(file_with("ab", "")) == file_with("ab")


@pytest.mark.parametrize("note", ["x", ""])
def test_file_without_empty_signatures_keeps_its_very_bytes(note: str) -> None:
    data = b" " + file_with("ab", "cd", note=note) + b"\n"
    assert without_empty_signatures(data) is data


def test_empty_text_in_the_signed_part_stays() -> None:
    stripped = json.loads(without_empty_signatures(file_with("", "ab", note="")))
    assert stripped["signed"]["note"] == ""


def test_a_bundle_stays_with_its_signature() -> None:
    tree = json.loads(file_with("ab", ""))
    tree["signatures"][0]["bundle"] = {"mediaType": "x", "empty": ""}
    stripped = json.loads(without_empty_signatures(write_json(tree)))
    assert stripped["signatures"] == [tree["signatures"][0]]


def test_real_files_lose_their_empty_entries_only() -> None:
    sample = Sample()
    sample.edit("root", signers=["@alice", "@bob"])
    data = sample.files["metadata/root.json"]
    assert b'"sig": ""' in data
    before, after = json.loads(data), json.loads(without_empty_signatures(data))
    assert after["signed"] == before["signed"]
    assert after["signatures"] == [each for each in before["signatures"] if each["sig"]]


@pytest.mark.parametrize(
    "data",
    [
        b'""',
        b'[""]',
        b'{"signatures": ""',
        b'{"x": "", "x": 1, "signatures": []}',
        b'{"x": ""}',
        b'{"signatures": [{"keyid": ""}]}',
        b'{"signatures": [""]}',
        b'{"signatures": 5, "x": ""}',
        b'\xff""',
    ],
)
def test_what_is_no_metadata_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidMetadata, match="not TUF metadata"):
        without_empty_signatures(data)


@given(st.lists(st.sampled_from(["", "ab", "cd"]), max_size=5))
def test_dropping_twice_is_dropping_once(signatures: list[str]) -> None:
    once = without_empty_signatures(file_with(*signatures))
    assert without_empty_signatures(once) == once
    assert [each["sig"] for each in json.loads(once)["signatures"]] == [s for s in signatures if s]
