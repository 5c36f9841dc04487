"""Reading metadata files: what python-tuf reads, but only what all clients read alike."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.format.documents import KINDS, data_of, edited
from tests.support.sample import signer_for
from tuf.api.metadata import Metadata, Root, Targets
from tuf.api.serialization.json import CanonicalJSONSerializer

from tufline.repository.format import (
    Document,
    InvalidMetadata,
    canonical_json,
    parse_document,
    write_document,
    write_json,
)


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
