"""What is said of a change, where we know what it means; and that it is said only then."""

import json

import pytest
from tests.support.changing import change_of, facts_of, raw, roles_of, signer
from tests.support.sample import NOW, ROLE, Sample, key_for, signer_for
from tuf.api.metadata import DelegatedRole, Root, TargetFile, Targets

from tufline.repository import changes
from tufline.repository.changes import ABSENT, Listing, SignatureChanged
from tufline.repository.format import FIELD_MEANINGS

EXPIRY_PERIOD = "x-tuf-on-ci-expiry-period"
TARGETS_PATH = "metadata/targets.json"
STATE_FILE = "metadata/.signing-event-state"


def test_version_and_expiry() -> None:
    base = Sample()
    event = base.copy()
    event.edit(ROLE, now=NOW.replace(day=2))
    [version, expiry, *_] = change_of(base, event, "metadata/npm.json").facts
    assert version == changes.VersionChanged(before=1, after=2)
    assert expiry == changes.ExpiryChanged(
        before="2027-03-01T12:00:00Z", after="2027-03-02T12:00:00Z"
    )


def test_period_of_the_file_and_of_an_online_role() -> None:
    def change(root: Root) -> None:
        root.unrecognized_fields[EXPIRY_PERIOD] = 400
        root.roles["timestamp"].unrecognized_fields[EXPIRY_PERIOD] = 6

    assert facts_of("root", change) == [
        changes.PeriodChanged(role=None, field=EXPIRY_PERIOD, before=365, after=400),
        changes.PeriodChanged(role="timestamp", field=EXPIRY_PERIOD, before=7, after=6),
    ]
    assert EXPIRY_PERIOD in FIELD_MEANINGS


def test_head_fields() -> None:
    def change(root: Root) -> None:
        root.consistent_snapshot = False
        root.spec_version = "1.0.0"

    assert facts_of("root", change) == [
        changes.HeaderChanged(field="spec_version", before="1.0.31", after="1.0.0"),
        changes.HeaderChanged(field="consistent_snapshot", before=True, after=False),
    ]


def test_a_new_delegation_is_told_by_its_terms() -> None:
    def change(targets: Targets) -> None:
        terms = DelegatedRole("docs", [], 1, terminating=False, paths=["docs/*"])
        roles_of(targets)["docs"] = terms

    assert facts_of("targets", change) == [
        changes.DelegationAdded(role="docs"),
        changes.ThresholdChanged(role="docs", before=None, after=1),
        changes.NoSigners(role="docs"),
        changes.TerminatingChanged(role="docs", before=None, after=False),
        changes.PatternAdded(role="docs", pattern="docs/*", hashed=False),
    ]


def test_a_delegation_that_goes() -> None:
    def change(targets: Targets) -> None:
        del roles_of(targets)[ROLE]

    assert facts_of("targets", change) == [changes.DelegationRemoved(role=ROLE)]


def test_wider_paths_and_a_flipped_terminating() -> None:
    def change(targets: Targets) -> None:
        terms = roles_of(targets)[ROLE]
        terms.paths = [*(terms.paths or ())[1:], "*"]
        terms.terminating = False

    assert facts_of("targets", change) == [
        changes.TerminatingChanged(role=ROLE, before=True, after=False),
        changes.PatternRemoved(role=ROLE, pattern="npm/*", hashed=False),
        changes.PatternAdded(role=ROLE, pattern="*", hashed=False),
    ]


def test_another_order_of_delegations() -> None:
    def two(targets: Targets) -> None:
        roles_of(targets)["docs"] = DelegatedRole("docs", [], 1, terminating=True, paths=["x"])

    base = Sample()
    base.edit("targets", two)
    event = base.copy()

    def turn(targets: Targets) -> None:
        roles = roles_of(targets)
        roles[ROLE] = roles.pop(ROLE)

    event.edit("targets", turn)
    reordered = changes.Reordered(path=("signed", "delegations", "roles"), order=("docs", ROLE))
    assert reordered in change_of(base, event, TARGETS_PATH).facts


def test_artifacts_that_come_change_and_go() -> None:
    def change(targets: Targets) -> None:
        targets.targets["file.txt"] = TargetFile.from_data("file.txt", b"22", ["sha256"])
        targets.targets["new"] = TargetFile.from_data("new", b"", ["sha512"])
        del targets.targets["dir-less.json"]

    [gone, other, come] = facts_of("targets", change)
    assert gone == changes.ArtifactRemoved(artifact="dir-less.json")
    assert isinstance(other, changes.ArtifactChanged)
    assert (other.artifact, other.before.length, other.after.length) == ("file.txt", 4, 2)
    digest = TargetFile.from_data("new", b"", ["sha512"]).hashes["sha512"]
    listing = Listing(length=0, hashes=(("sha512", digest),))
    assert come == changes.ArtifactAdded(artifact="new", listing=listing)


def test_custom_data_of_an_artifact() -> None:
    def change(targets: Targets) -> None:
        targets.targets["file.txt"].unrecognized_fields["custom"] = {"sigstore": {"usage": "TSA"}}

    assert facts_of("targets", change) == [
        changes.CustomChanged(
            artifact="file.txt", field=("sigstore", "usage"), before=ABSENT, after="TSA"
        )
    ]


def test_an_unknown_field_is_told_leaf_by_leaf() -> None:
    def change(targets: Targets) -> None:
        targets.unrecognized_fields["x-new"] = {"a": [1, {}]}

    path = ("signed", "x-new", "a")
    assert facts_of("targets", change) == [
        changes.ValueChanged(path=(*path, 0), before=ABSENT, after=1),
        changes.ValueChanged(path=(*path, 1), before=ABSENT, after={}),
    ]


def test_signatures_are_told_by_their_signers() -> None:
    base = Sample()
    base.edit("targets", signers=["@alice"])
    event = base.copy()
    metadata = event.load("targets")
    del metadata.signatures[key_for("@carol").keyid]
    metadata.sign(signer_for("@bob"), append=True)
    event.write("targets", metadata)
    change = change_of(base, event, TARGETS_PATH)
    value = metadata.signatures[key_for("@bob").keyid].signature
    assert list(change.facts) == [
        SignatureChanged(signer=signer("@bob"), before="", after=value),
        SignatureChanged(signer=signer("@carol"), before="", after=None),
    ]
    assert raw(change) == []


def test_the_signer_of_a_delegated_role_is_found_at_its_delegator() -> None:
    base = Sample()
    event = base.copy()
    event.edit(ROLE, signers=[])
    found = change_of(base, event, "metadata/npm.json").facts[-1]
    assert isinstance(found, SignatureChanged)
    assert (found.signer, found.after) == (signer("@dave"), "")


def test_snapshot_entries() -> None:
    base = Sample()
    base.sign_online()
    event = base.copy()
    event.edit("targets")
    event.sign_online()
    facts = change_of(base, event, "metadata/snapshot.json").facts
    entry = changes.EntryChanged(file="targets.json", field=("version",), before=1, after=2)
    assert entry in facts


def invite(sample: Sample, invites: object) -> None:
    sample.files[STATE_FILE] = json.dumps({"invites": invites}).encode()


def test_an_invitation_is_opened() -> None:
    base = Sample()
    event = base.copy()
    invite(event, {"@eve": ["root", "npm"]})
    change = change_of(base, event, STATE_FILE)
    assert list(change.facts) == [
        changes.InvitationOpened(person="@eve", role="root"),
        changes.InvitationOpened(person="@eve", role="npm"),
    ]
    assert (change.role, raw(change)) == (None, [])


def test_an_invitation_is_accepted_with_a_key_and_otherwise_withdrawn() -> None:
    base = Sample()
    invite(base, {"@dave": ["root"], "@eve": ["root"]})
    event = base.copy()
    event.edit("root", lambda root: root.add_key(key_for("@dave"), "root"))
    del event.files[STATE_FILE]
    assert list(change_of(base, event, STATE_FILE).facts) == [
        changes.InvitationAccepted(person="@dave", role="root"),
        changes.InvitationWithdrawn(person="@eve", role="root"),
    ]


def test_the_copy_of_a_new_root_is_told_once() -> None:
    base = Sample()
    event = base.copy()
    event.edit("root")
    copy = change_of(base, event, "metadata/root_history/2.root.json")
    assert (list(copy.facts), raw(copy)) == ([changes.CopyOf(path="metadata/root.json")], [])
    assert copy.leaves != ()


@pytest.mark.parametrize("path", ["metadata/root.json", "metadata/root_history/2.root.json"])
def test_a_copy_that_differs_is_told_in_full(path: str) -> None:
    base = Sample()
    event = base.copy()
    event.edit("root")
    event.files[path] += b"\n"
    copy = change_of(base, event, "metadata/root_history/2.root.json")
    assert changes.VersionChanged(before=None, after=2) in copy.facts


def test_a_deleted_role_file_is_told_as_such() -> None:
    base = Sample()
    event = base.copy()
    del event.files["metadata/npm.json"]
    change = change_of(base, event, "metadata/npm.json")
    assert (list(change.facts), change.after) == ([changes.FileRemoved()], None)


@pytest.mark.parametrize("value", [True, "2", 2.5, [2], None])
def test_a_version_of_another_type_is_no_version_but_a_raw_value(value: object) -> None:
    base = Sample()
    event = base.copy()
    tree = json.loads(event.files[TARGETS_PATH])
    tree["signed"]["version"] = value
    event.files[TARGETS_PATH] = json.dumps(tree).encode()
    change = change_of(base, event, TARGETS_PATH)
    assert [fact for fact in change.facts if isinstance(fact, changes.VersionChanged)] == []
    assert change.unread if isinstance(value, float) else raw(change)
