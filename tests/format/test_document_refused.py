"""What a document of metadata is refused for: values that clients refuse, or read otherwise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.format.documents import KINDS, Edit, data_of, edited
from tuf.api.metadata import Root, Targets

from tufline.repository.format import (
    InvalidMetadata,
    parse_document,
)


def reason(data: bytes, kind: type[Any]) -> str:
    with pytest.raises(InvalidMetadata) as caught:
        parse_document(data, kind)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b"[]", "not TUF metadata: no object 'signed'"),
        (b'{"signed": []}', "not TUF metadata: no object 'signed'"),
        (b'{"signed": {}}', "not TUF metadata: no list 'signatures'"),
        (b'{"signed": {}, "signatures": {}}', "not TUF metadata: no list 'signatures'"),
        (b'{"signed": {}, "signatures": []}', "_type is None, not 'root'"),
        (
            b'{"signed": {"_type": "targets"}, "signatures": []}',
            "_type is 'targets', not 'root'",
        ),
        (b'{"signed": {"_type": ["root"]}, "signatures": []}', "_type is ['root'], not 'root'"),
        (
            b'{"signed": {"_type": "root"}, "signatures": [], "x": 1}',
            "holds more than 'signed' and 'signatures'",
        ),
        (
            b'{"signed": {"_type": "root"}, "signatures": []}',
            "not TUF metadata: no field 'version'",
        ),
    ],
)
def test_defect_is_named(data: bytes, expected: str) -> None:
    assert reason(data, Root) == expected


@pytest.mark.parametrize("role", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_metadata_of_another_type_is_refused(role: str, other: str) -> None:
    if KINDS[role] is not KINDS[other]:
        assert "_type is" in reason(data_of(role), KINDS[other])


def _no_edit(_: object) -> None: ...


def _repeat_signature(tree: dict[str, Any]) -> None:
    tree["signatures"].append(dict(tree["signatures"][0]))


def _set(*path: str | int, to: object) -> Edit:
    def edit(tree: dict[str, Any]) -> None:
        place: Any = tree
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return edit


ROOT_ROLE = ("signed", "roles", "root")


NPM_TERMS = ("signed", "delegations", "roles", 0)


NPM_ENTRY = ("signed", "targets", "npm/keys.json")


@pytest.mark.parametrize(
    ("role", "edit", "expected"),
    [
        ("root", _repeat_signature, "Multiple signatures found for keyid"),
        ("root", _set("signatures", to=[{"keyid": "a"}]), "'sig'"),
        ("root", _set("signatures", to=["a"]), "not TUF metadata"),
        ("root", _set("signatures", 0, "sig", to=5), "a value of the wrong type: signatures"),
        ("root", _set("signatures", 0, "sig", to=None), "a value of the wrong type: signatures"),
        ("root", _set("signed", "expires", to="tomorrow"), "does not match format"),
        ("root", _set("signed", "expires", to="2026-1-1T0:0:0Z"), "written another way"),
        ("root", _set("signed", "expires", to="2026-01-01T00:00:00.5Z"), "not TUF metadata"),
        ("root", _set("signed", "expires", to="2026-01-01T00:00:00+00:00"), "not TUF metadata"),
        ("root", _set("signed", "expires", to="2026-02-30T00:00:00Z"), "not TUF metadata"),
        ("root", _set("signed", "expires", to=1), "not TUF metadata"),
        ("root", _set("signed", "version", to=0), "version must be > 0"),
        ("root", _set("signed", "version", to=-1), "version must be > 0"),
        ("root", _set("signed", "version", to="1"), "not TUF metadata"),
        ("root", _set("signed", "version", to=True), "a value of the wrong type: version"),
        ("root", _set("signed", "spec_version", to="2.0.0"), "Unsupported spec_version"),
        ("root", _set("signed", "spec_version", to=1), "not TUF metadata"),
        (
            "root",
            _set("signed", "consistent_snapshot", to=1),
            "a value of the wrong type: consistent_snapshot",
        ),
        ("root", _set(*ROOT_ROLE, "threshold", to=0), "threshold should be at least 1"),
        ("root", _set(*ROOT_ROLE, "threshold", to=-1), "threshold should be at least 1"),
        ("root", _set(*ROOT_ROLE, "threshold", to="1"), "not TUF metadata"),
        (
            "root",
            _set(*ROOT_ROLE, "threshold", to=True),
            "a value of the wrong type: threshold of root",
        ),
        ("root", _set(*ROOT_ROLE, "keyids", to=[1]), "a value of the wrong type: keyids of root"),
        ("root", _set(*ROOT_ROLE, "keyids", to="ab"), "a value of the wrong type: keyids of root"),
        ("root", _set(*ROOT_ROLE, "keyids", to=["a", "a"]), "Nonunique keyids"),
        ("root", _set("signed", "keys", "ab", to={}), "key ab is of a type that is not supported"),
        (
            "root",
            _set("signed", "keys", "ab", to={"keytype": "rsa", "scheme": "md5", "keyval": {}}),
            "key ab is of a type that is not supported",
        ),
        (
            "root",
            _set("signed", "keys", "ab", to={"keytype": {}, "scheme": [], "keyval": {}}),
            "not TUF metadata",
        ),
        ("root", _set("signed", "keys", to=[]), "not TUF metadata"),
        ("root", _set("signed", "roles", to={}), "not TUF metadata"),
        ("root", _set("signed", "roles", "mirrors", to={}), "not TUF metadata"),
        ("targets", _set(*NPM_TERMS, "name", to=5), "name of delegated role 5"),
        ("targets", _set(*NPM_TERMS, "name", to="root"), "not TUF metadata"),
        ("targets", _set(*NPM_TERMS, "terminating", to=1), "terminating of npm"),
        ("targets", _set(*NPM_TERMS, "paths", to="npm/*"), "wrong type: paths of npm"),
        ("targets", _set(*NPM_TERMS, "paths", to=[5]), "not TUF metadata"),
        ("targets", _set(*NPM_TERMS, "threshold", to=0), "threshold should be at least 1"),
        ("targets", _set("signed", "delegations", to=[]), "not TUF metadata"),
        ("npm", _set(*NPM_ENTRY, "length", to=True), "length or hashes of npm/keys.json"),
        ("npm", _set(*NPM_ENTRY, "length", to=-1), "not TUF metadata"),
        ("npm", _set(*NPM_ENTRY, "hashes", to={"sha256": 5}), "not TUF metadata"),
        ("npm", _set(*NPM_ENTRY, "hashes", to=[]), "not TUF metadata"),
        ("npm", _set("signed", "targets", to=[]), "not TUF metadata"),
    ],
)
def test_value_that_clients_refuse_or_read_otherwise_is_refused(
    role: str, edit: Edit, expected: str
) -> None:
    assert expected in reason(edited(role, edit), KINDS[role])


def test_the_edits_above_start_from_metadata_that_is_read() -> None:
    for role, kind in KINDS.items():
        assert parse_document(edited(role, _no_edit), kind).data == data_of(role)


def test_repeated_key_is_refused_even_if_both_say_the_same() -> None:
    data = data_of("npm").replace(b'"version": 1', b'"version": 1, "version": 1')
    assert reason(data, Targets) == "key 'version' stands twice in one object"


def test_reason_is_one_line() -> None:
    data = edited("root", _set("signed", "expires", to="2026\n-01"))
    assert "\n" not in reason(data, Root)


@given(st.binary() | st.text().map(str.encode), st.sampled_from(list(KINDS.values())))
def test_any_bytes_are_read_or_refused(data: bytes, kind: type[Any]) -> None:
    with pytest.raises(InvalidMetadata):
        parse_document(data, kind)
