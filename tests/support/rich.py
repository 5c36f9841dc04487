"""A repository that uses every corner of the format: base, and an event that changes every role.

Its event need not be acceptable: it exists so that every kind of value is there to be changed.
"""

from typing import Any

from securesystemslib.signer import Signature
from tests.support.sample import NOW, ONLINE, ROLE, Sample, key_for, signer_for
from tuf.api.metadata import DelegatedRole, Delegations, MetaFile, Root, TargetFile, Targets

INVITATIONS = b'{\n  "invites": {\n    "@eve": [\n      "npm",\n      "root"\n    ]\n  }\n}'
NOTE = {"list": [1, True, None, "text", {"inner": []}], "empty": {}, "zero": 0}
NESTED = "deep"


def rich_base() -> Sample:
    """Return known good, snapshot and timestamp included."""
    sample = Sample()
    sample.sign_online()
    return sample


def rich_event(base: Sample) -> Sample:
    """Return the event: each role has a new version, with custom and unknown fields, nested."""
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.edit("root", _change_root)
    event.edit("targets", _change_targets, version=2)
    event.edit(ROLE, _change_role, version=2)
    _write_nested(event)
    event.sign_online()
    _fill_snapshot(event)
    _add_unknown_signature_field(event)
    event.files["metadata/.signing-event-state"] = INVITATIONS
    return event


def _change_root(root: Root) -> None:
    root.unrecognized_fields["x-note"] = NOTE
    root.roles["root"].unrecognized_fields["x-role-note"] = "of a role"
    key = root.keys[key_for("@alice").keyid]
    key.unrecognized_fields["x-key-note"] = {"attested": False}


def _change_targets(targets: Targets) -> None:
    targets.unrecognized_fields["x-note"] = NOTE
    listed = TargetFile.from_data("new.json", b"new", ["sha256", "sha512"])
    listed.unrecognized_fields["custom"] = {"usage": "test", "tags": ["a", {"b": 2}], "none": {}}
    listed.unrecognized_fields["x-listing-note"] = 7
    targets.targets["new.json"] = listed
    delegations = targets.delegations
    if delegations is None or delegations.roles is None:
        raise AssertionError("the sample delegates")
    delegations.unrecognized_fields["x-note"] = "of delegations"
    delegations.roles[ROLE].unrecognized_fields["x-role-note"] = ["one", "two"]
    hashed = DelegatedRole("hashed", [], 1, terminating=False, path_hash_prefixes=["00", "01"])
    delegations.roles["hashed"] = hashed
    targets.add_key(key_for(ONLINE), "hashed")


def _change_role(targets: Targets) -> None:
    nested = DelegatedRole(NESTED, [], 1, terminating=False, paths=["npm/deep/*"])
    targets.delegations = Delegations({}, {NESTED: nested})
    targets.add_key(key_for("@carol"), NESTED)


def _write_nested(event: Sample) -> None:
    metadata: Any = event.load(ROLE)
    metadata.signed = Targets(expires=NOW)
    metadata.signatures.clear()
    metadata.sign(signer_for("@carol"))
    event.write(NESTED, metadata)


def _fill_snapshot(event: Sample) -> None:
    snapshot = event.load("snapshot")
    snapshot.signed.meta["targets.json"] = MetaFile(2, 1234, {"sha256": "ab" * 32})
    snapshot.sign(signer_for(ONLINE))
    event.write("snapshot", snapshot)


def _add_unknown_signature_field(event: Sample) -> None:
    metadata = event.load("targets")
    keyid = key_for("@alice").keyid
    old = metadata.signatures[keyid].signature
    metadata.signatures[keyid] = Signature(keyid, old, {"x-bundle": {"log": [1]}})
    event.write("targets", metadata)
