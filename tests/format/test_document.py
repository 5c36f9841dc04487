"""Reading metadata files: what python-tuf reads, but only what all clients read alike."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sample import Sample, signer_for
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import CanonicalJSONSerializer

from tufline.repository.format import (
    Document,
    InvalidMetadata,
    canonical_json,
    parse_document,
    write_document,
    write_json,
)

KINDS: dict[str, type[Any]] = {
    "root": Root,
    "targets": Targets,
    "npm": Targets,
    "snapshot": Snapshot,
    "timestamp": Timestamp,
}
SAMPLE = Sample()
SAMPLE.sign_online()
Edit = Callable[[Any], object]


def data_of(role: str) -> bytes:
    return SAMPLE.files[f"metadata/{role}.json"]


def edited(role: str, edit: Edit) -> bytes:
    tree = json.loads(data_of(role))
    edit(tree)
    return write_json(tree)


def reason(data: bytes, kind: type[Any]) -> str:
    with pytest.raises(InvalidMetadata) as caught:
        parse_document(data, kind)
    return str(caught.value)


@pytest.mark.parametrize("role", KINDS)
def test_document_is_what_python_tuf_reads(role: str) -> None:
    document: Document[Any] = parse_document(data_of(role), KINDS[role])
    expected: Metadata[Any] = Metadata.from_bytes(data_of(role))
    assert document.metadata == expected
    assert document.data == data_of(role)
    assert document.payload == CanonicalJSONSerializer().serialize(expected.signed)
    assert document.tree() == json.loads(data_of(role))


@pytest.mark.parametrize("role", KINDS)
def test_document_is_written_as_python_tuf_writes_it(role: str) -> None:
    assert write_document(parse_document(data_of(role), KINDS[role]).metadata) == data_of(role)


@pytest.mark.parametrize("role", ["root", "targets", "npm"])
def test_another_form_is_read_and_its_bytes_are_kept(role: str) -> None:
    compact = json.dumps(json.loads(data_of(role))).encode() + b"\n"
    document: Document[Any] = parse_document(compact, KINDS[role])
    assert document.data == compact
    assert document.payload == parse_document(data_of(role), KINDS[role]).payload


def test_signatures_verify_over_the_payload() -> None:
    document = parse_document(data_of("npm"), Targets)
    signer = signer_for("@dave")
    signer.public_key.verify_signature(
        document.metadata.signatures[signer.public_key.keyid], document.payload
    )


def test_tree_is_the_caller_s_own() -> None:
    document = parse_document(data_of("root"), Root)
    document.tree()["signed"].clear()
    assert document.tree()["signed"]["_type"] == "root"


def test_unknown_fields_are_kept_wherever_they_stand() -> None:
    def edit(tree: dict[str, Any]) -> None:
        signed = tree["signed"]
        signed["x-signed"] = {"a": [1, None, "é"]}
        signed["roles"]["root"]["x-role"] = True
        next(iter(signed["keys"].values()))["x-key"] = ["k"]
        tree["signatures"][0]["x-signature"] = {"log": [1]}

    data = edited("root", edit)
    assert write_document(parse_document(data, Root).metadata) == data


def test_sigstore_key_and_bundle_are_kept() -> None:
    key = {
        "keytype": "sigstore-oidc",
        "scheme": "Fulcio",
        "keyval": {"identity": "eve@example.org", "issuer": "https://accounts.example.org"},
        "x-tuf-on-ci-keyowner": "@eve",
    }

    def edit(tree: dict[str, Any]) -> None:
        tree["signed"]["keys"]["ab"] = key
        tree["signed"]["roles"]["root"]["keyids"].append("ab")
        tree["signatures"].append({"keyid": "ab", "sig": "00", "bundle": {"mediaType": "x"}})

    data = edited("root", edit)
    document = parse_document(data, Root)
    assert document.signed.keys["ab"].to_dict() == key
    bundle = {"bundle": {"mediaType": "x"}}
    assert document.metadata.signatures["ab"].unrecognized_fields == bundle
    assert write_document(document.metadata) == data


def test_order_of_keyids_roles_and_signatures_is_kept() -> None:
    def edit(tree: dict[str, Any]) -> None:
        tree["signed"]["roles"]["root"]["keyids"].reverse()
        tree["signatures"].reverse()

    data = edited("root", edit)
    assert write_document(parse_document(data, Root).metadata) == data


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


@given(st.data())
def test_any_edit_is_refused_or_signed_as_it_stands(data: st.DataObject) -> None:
    """What python-tuf would write back is what was signed: no value is read as another."""
    role = data.draw(st.sampled_from(sorted(KINDS)))
    tree = json.loads(data_of(role))
    place = tree["signed"]
    while True:
        keys: Any = sorted(place) if isinstance(place, dict) else range(len(place))
        step = data.draw(st.sampled_from(keys))
        if not isinstance(place[step], dict | list) or not place[step]:
            break
        place = place[step]
    place[step] = data.draw(st.sampled_from([None, True, 0, 1, "", "a", "1", [], {}, [1], ["a"]]))
    try:
        document: Document[Any] = parse_document(write_json(tree), KINDS[role])
    except InvalidMetadata:
        return
    assert canonical_json(document.signed.to_dict()) == canonical_json(tree["signed"])
    assert document.payload == canonical_json(tree["signed"])


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below),
    max_leaves=4,
)
ENTRY = st.fixed_dictionaries(
    {"length": st.integers(0, 9), "hashes": st.dictionaries(st.text(max_size=3), st.text())},
    optional={"custom": ANY_JSON, "x": ANY_JSON},
)


@given(st.dictionaries(st.text(max_size=4), ENTRY | ANY_JSON, max_size=3))
def test_entry_of_an_artifact_is_verified_as_clients_write_it(entries: dict[str, Any]) -> None:
    def put(tree: dict[str, Any]) -> None:
        tree["signed"]["targets"] = entries

    try:
        document = parse_document(edited("targets", put), Targets)
    except InvalidMetadata:
        return
    assert CanonicalJSONSerializer().serialize(document.signed) == document.payload
