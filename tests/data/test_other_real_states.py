"""States that real repositories are in and the 83 events lack: each is judged rightly, as a whole.

Each is known good first: judged as main, and as the base of an event that changes an artifact.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, Key, Signature, SigstoreKey, SSlibKey
from tests.support.delegating import add_artifacts, delegate
from tests.support.judging import judge, judge_whole, places, rewrite, said, verdict
from tests.support.sample import NOW, Sample, key_for, keyid_of, signer_for
from tuf.api.metadata import MetaFile, Root, Targets

from tufline.repository.edit import Issue, next_snapshot
from tufline.repository.format import (
    RoleName,
    content_keyid,
    parse_document,
    without_empty_signatures,
)
from tufline.repository.review import Policy, Purpose

ROOT_1 = "metadata/root_history/1.root.json"


def sigstore_key() -> Key:
    identity = {"identity": "eve@example.org", "issuer": "https://accounts.example.org"}
    key = SigstoreKey("", "sigstore-oidc", "Fulcio", identity, {"x-tuf-on-ci-keyowner": "@eve"})
    key.keyid = keyid_of(key)
    return key


def with_sigstore_signer() -> Sample:
    """`npm` is signed by @dave's key, and with a bundle by a Sigstore identity, 1 of 2."""
    KEY_FOR_TYPE_AND_SCHEME.setdefault(("sigstore-oidc", "Fulcio"), SigstoreKey)  # for `Sample`
    sample = Sample()
    sample.edit("npm")
    sample.edit("targets", lambda targets: targets.add_key(sigstore_key(), "npm"))
    metadata = sample.load("npm")
    keyid = sigstore_key().keyid
    metadata.signatures[keyid] = Signature(keyid, "abcd", {"bundle": {"mediaType": "x"}})
    sample.write("npm", metadata)
    return sample


def with_old_key_id() -> Sample:
    """The key of `npm` has an id that was computed without its custom fields."""
    sample = Sample()
    right = key_for("@dave")
    plain = SSlibKey("", right.keytype, right.scheme, right.keyval)
    keyid = content_keyid(plain)

    def rename(targets: Targets) -> None:
        assert targets.delegations is not None
        targets.revoke_key(right.keyid, "npm")
        key = SSlibKey(keyid, right.keytype, right.scheme, right.keyval, right.unrecognized_fields)
        targets.add_key(key, "npm")

    sample.edit("targets", rename)
    metadata = sample.load("npm")
    (signature,) = metadata.signatures.values()
    metadata.signatures = {keyid: Signature(keyid, signature.signature)}
    sample.write("npm", metadata)
    return sample


def with_published_empty_signature() -> Sample:
    sample = Sample()
    sample.edit("root", signers=["@alice", "@bob"])
    assert b'"sig": ""' in sample.files["metadata/root.json"]
    return sample


def with_unparsable_old_root() -> Sample:
    """Root 1 is of an older specification, of which no client reads the keys any more."""
    sample = Sample()
    sample.edit("root")
    tree = json.loads(sample.files[ROOT_1])
    for key in tree["signed"]["keys"].values():
        key["keytype"] = key["scheme"] = "ecdsa-of-old"
    sample.files[ROOT_1] = json.dumps(tree).encode()
    return sample


def with_gone_role() -> Sample:
    """Snapshot lists a role that was removed since."""
    sample = Sample()
    sample.sign_online()
    snapshot = sample.load("snapshot")
    snapshot.signed.meta["gone.json"] = MetaFile(7)
    snapshot.sign(signer_for("file2:online"))
    sample.write("snapshot", snapshot)
    return sample


def with_dots_in_a_role_name() -> Sample:
    sample = Sample()
    paths = ["registry.example.org/*"]
    delegate(sample, "registry.example.org", paths, {"registry.example.org/keys.json": b"1"})
    return sample


def with_one_pattern() -> Sample:
    sample = Sample()

    def narrow(targets: Targets) -> None:
        assert targets.delegations is not None
        assert targets.delegations.roles is not None
        targets.delegations.roles["npm"].paths = ["npm/*"]

    sample.edit("targets", narrow)
    return sample


STATES: dict[str, tuple[Callable[[], Sample], set[str]]] = {
    "a Sigstore signer": (with_sigstore_signer, {"sigstore-key"}),
    "a key id without custom fields": (with_old_key_id, {"key-id"}),
    "a published empty signature": (with_published_empty_signature, set()),
    "a root that nobody can parse": (with_unparsable_old_root, {"root-chain"}),
    "a snapshot entry without a file": (with_gone_role, set()),
    "dots in a role name": (with_dots_in_a_role_name, set()),
    "one pattern only": (with_one_pattern, set()),
}


@pytest.mark.parametrize("name", STATES)
def test_main_in_this_state_is_accepted(name: str) -> None:
    make, notices = STATES[name]
    found = judge_whole(None, make())
    assert {each.rule for each in found.findings} == notices
    assert verdict(found) == "ready"
    known = make()
    assert verdict(judge_whole(known, known)) == "unchanged"


@pytest.mark.parametrize("name", STATES)
def test_event_from_this_state_becomes_ready(name: str) -> None:
    base = STATES[name][0]()
    event = base.copy()
    event.put("file.txt", b"two\n")
    found = judge(base, event)
    assert verdict(found) == "ready"
    assert {each.rule for each in found.findings} <= STATES[name][1]


def test_a_sigstore_bundle_is_published_as_it_was_signed() -> None:
    data = with_sigstore_signer().files["metadata/npm.json"]
    published = parse_document(without_empty_signatures(data), Targets)
    fields = published.metadata.signatures[sigstore_key().keyid].unrecognized_fields
    assert fields == {"bundle": {"mediaType": "x"}}


def test_an_empty_signature_is_not_published() -> None:
    data = with_published_empty_signature().files["metadata/root.json"]
    published = parse_document(without_empty_signatures(data), Root)
    assert all(each.signature for each in published.metadata.signatures.values())
    assert len(published.metadata.signatures) == 2


def test_the_role_of_an_old_key_id_is_signed_by_its_holder() -> None:
    base = with_old_key_id()
    event = base.copy()
    add_artifacts(event, "npm", {"npm/new": b"1"})
    metadata = event.load("npm")
    (signature,) = metadata.signatures.values()
    (keyid,) = base.load("npm").signatures
    metadata.signatures = {keyid: Signature(keyid, signature.signature)}
    event.write("npm", metadata)
    found = judge(base, event)
    assert verdict(found) == "ready"
    assert [role.signed for role in found.roles] == [("@dave",)]


def test_an_unparsable_old_root_must_stay_as_it_is() -> None:
    base = with_unparsable_old_root()
    event = base.copy()
    event.files[ROOT_1] = Sample().files[ROOT_1]
    found = judge(base, event)
    assert places(found, "root-history") == [f"error {ROOT_1}"]
    assert verdict(found) == "refused"


def test_the_oldest_root_that_is_supported_may_be_stated() -> None:
    base = with_unparsable_old_root()
    found = judge_whole(None, base, policy=Policy(oldest_root=2))
    assert said(found, "root-chain") == []
    refused = judge_whole(None, base, policy=Policy(oldest_root=1))
    assert [each.rule for each in refused.errors] == ["root-chain"]


def test_a_snapshot_entry_stays_when_its_file_is_gone() -> None:
    base = with_gone_role()
    found = judge(None, base, purpose=Purpose.PUBLISHED)
    assert found.errors == ()
    known = base.load("snapshot").signed
    issue = Issue(root=base.load("root").signed, now=NOW + timedelta(days=1))
    versions = {RoleName("targets"): 1, RoleName("npm"): 1}
    following = next_snapshot(
        known, versions, lambda role: base.files[f"metadata/{role}.json"], issue
    )
    assert following.meta["gone.json"] == MetaFile(7)


def test_a_role_that_comes_back_continues_after_its_snapshot_entry() -> None:
    base = with_gone_role()
    event = base.copy()
    delegate(event, "gone", ["gone/*"], {"gone/x": b"1"})
    found = judge(base, event)
    assert [each.rule for each in found.errors] == ["returning-role"]


def test_the_same_version_with_other_signatures_waits_and_is_never_published() -> None:
    base = Sample()
    base.edit("targets", signers=["@alice", "@bob"])
    event = base.copy()
    event.sign("targets", event.load("targets"), ["@bob", "@carol"])
    assert verdict(judge(base, event)) == "waiting"
    assert [each.rule for each in judge(base, event).findings if each.waits] == ["republished"]
    assert [each.rule for each in judge_whole(base, event).errors] == ["republished"]


def test_version_steps_of_several_pushes_are_a_notice() -> None:
    base = Sample()
    event = base.copy()
    for content in (b"two\n", b"three\n", b"four\n"):
        event.put("file.txt", content)
    found = judge(base, event)
    assert said(found, "version") == ["notice targets: version goes from 1 to 4; one step would do"]
    assert verdict(found) == "ready"
    assert verdict(judge_whole(base, event)) == "ready"


def test_below_the_only_pattern_nobody_owns_a_file() -> None:
    base = with_one_pattern()
    event = base.copy()
    event.files["targets/npm/deep/file"] = b"1"
    found = judge(base, event)
    assert places(found, "artifact-owner") == ["error targets/npm/deep/file"]


def test_files_in_another_form_are_accepted_and_not_touched() -> None:
    base = Sample()
    rewrite(base, "targets", lambda _: None)
    compact = json.dumps(json.loads(base.files["metadata/targets.json"])).encode() + b"\n"
    base.files["metadata/targets.json"] = compact
    assert verdict(judge_whole(None, base)) == "ready"
