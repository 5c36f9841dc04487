import json
from collections.abc import Mapping

import pytest
from tests.support.published import Published

from tufline.repository.format import InvalidMetadata, RoleName
from tufline.repository.publish import (
    InvalidMetadataFolder,
    Layout,
    NotPublishable,
    UnsafeName,
    published_bytes,
    safe_name,
    transition,
)
from tufline.repository.state import Kind, MemoryFiles, State


def with_signatures(*signatures: Mapping[str, object]) -> bytes:
    return json.dumps({"signatures": signatures, "signed": {"note": "", "é": 1}}).encode()


def test_bytes_without_empty_signature_are_published_as_they_are() -> None:
    data = with_signatures({"keyid": "a", "sig": "00"})

    assert published_bytes(data) is data


def test_bytes_in_another_form_stay_where_only_other_fields_are_empty() -> None:
    data = with_signatures({"keyid": "a", "sig": "00", "note": ""}).replace(b" ", b"   ")

    assert published_bytes(data) is data


def test_empty_signature_is_dropped_and_everything_else_kept() -> None:
    bundle = {"bundle": {"mediaType": "x", "empty": ""}, "keyid": "b", "sig": "01"}
    data = with_signatures({"keyid": "a", "sig": ""}, bundle, {"keyid": "c", "sig": ""})

    published = published_bytes(data)

    tree = {"signatures": [bundle], "signed": {"note": "", "é": 1}}
    assert published == json.dumps(tree, indent=1, separators=(",", ": "), sort_keys=True).encode()
    assert published_bytes(published) is published


def test_result_is_what_python_tuf_writes() -> None:
    repository = Published()
    clean = repository.files["metadata/targets.json"]
    repository.add_empty_signature("targets", "bob")

    assert published_bytes(repository.files["metadata/targets.json"]) == clean


@pytest.mark.parametrize(
    "data",
    [b'""', b'{"a": ""', b'{"signatures": 1, "a": ""}', b'{"signatures": [""]}', b'{"": ""}'],
)
def test_what_is_not_metadata_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidMetadata, match="not TUF metadata"):
        published_bytes(data)


def test_names_in_the_default_layout() -> None:
    layout = Layout()

    assert layout.root(3) == "metadata/3.root.json"
    assert layout.metadata(RoleName("npm.v1@x+y"), 2) == "metadata/2.npm.v1@x+y.json"
    assert layout.timestamp == "metadata/timestamp.json"
    assert layout.artifact("a/b/c.txt", "00ff") == "targets/a/b/00ff.c.txt"


def test_names_where_metadata_lies_at_the_base_url() -> None:
    layout = Layout(metadata_dir=".")

    assert layout.root(3) == "3.root.json"
    assert layout.timestamp == "timestamp.json"
    assert layout.artifact("c.txt", "00ff") == "targets/00ff.c.txt"


@pytest.mark.parametrize("folder", ["", "/abs", "..", "a/../b", "targets", "targets/x", "a//b"])
def test_metadata_folder_that_cannot_be_one_is_refused(folder: str) -> None:
    with pytest.raises(InvalidMetadataFolder, match="metadata cannot be published in"):
        Layout(metadata_dir=folder)


@pytest.mark.parametrize(
    "name", ["", "/a", "a/", "a//b", ".", "a/./b", "../a", "a/..", "a\\b", "a\nb", "a\0", "\ud800"]
)
def test_unsafe_name_is_refused(name: str) -> None:
    with pytest.raises(UnsafeName, match="cannot be published under this name"):
        safe_name(name)


def test_link_is_not_published() -> None:
    repository = Published()
    files = MemoryFiles(repository.files, {"targets/file.txt": Kind.SYMLINK})

    with pytest.raises(NotPublishable, match=r"targets/file\.txt: is a symlink, not a file"):
        transition(None, State(files), layout=Layout())


def test_snapshot_that_names_no_role_is_refused() -> None:
    repository = Published()
    snapshot = repository.load("snapshot")
    snapshot.signed.meta["../x.json"] = snapshot.signed.meta["targets.json"]
    repository.files["metadata/snapshot.json"] = snapshot.to_bytes()

    with pytest.raises(NotPublishable, match=r"names '\.\./x\.json', which is not a role"):
        transition(None, repository.state(), layout=Layout())


def test_timestamp_for_another_snapshot_is_refused() -> None:
    repository = Published()
    older = repository.files["metadata/timestamp.json"]
    repository.sign_online()
    repository.files["metadata/timestamp.json"] = older

    with pytest.raises(NotPublishable, match="is version 2, but the timestamp names 1"):
        transition(None, repository.state(), layout=Layout())


def test_root_that_differs_from_its_copy_is_refused() -> None:
    repository = Published()
    repository.add_empty_signature("root", "carol")
    repository.files["metadata/root.json"] = published_bytes(repository.files["metadata/root.json"])

    with pytest.raises(NotPublishable, match=r"1\.root\.json: is not the same file as"):
        transition(None, repository.state(), layout=Layout())
