"""The words of every fact and of every verdict."""

from typing import get_args

import pytest

from tufline.repository import changes
from tufline.repository.changes import ABSENT, Fact, Listing, Signer
from tufline.repository.format import RoleName
from tufline.repository.report import headline, terminal
from tufline.repository.report._sentences import sentence
from tufline.repository.report._text import Shown
from tufline.repository.review import (
    Finding,
    Ready,
    Refused,
    Review,
    RoleReview,
    Severity,
    Unchanged,
    Verdict,
    Waiting,
)
from tufline.repository.state import Kind

ALICE = Signer(keyid="aa11", label="@alice", online=False)
NEW_ALICE = Signer(keyid="bb22", label="@alice", online=False)
CLOUD = Signer(keyid="cc33", label="gcpkms:x", online=True)
NEW_CLOUD = Signer(keyid="dd44", label="gcpkms:y", online=True)
NAMELESS = Signer(keyid="ee55", label="ee55", online=False)
SMALL = Listing(length=1, hashes=(("sha256", "ab"),))
LARGE = Listing(length=20, hashes=(("sha256", "cd"), ("sha512", "ef")))
PERIOD = "x-tuf-on-ci-expiry-period"

WORDS: tuple[tuple[Fact, str], ...] = (
    (changes.FileRemoved(), "the file is deleted"),
    (changes.CopyOf(path="a.json"), "the same bytes as a.json, kept for ever"),
    (
        changes.HeaderChanged(field="consistent_snapshot", before=True, after=False),
        "consistent_snapshot: true → false",
    ),
    (changes.VersionChanged(before=None, after=1), "version: 1"),
    (changes.VersionChanged(before=1, after=None), "version: 1 → (nothing)"),
    (changes.ExpiryChanged(before=None, after="2027"), "valid until: 2027"),
    (changes.ExpiryChanged(before="2027", after=None), "valid until: 2027 → (nothing)"),
    (
        changes.PeriodChanged(role=None, field=PERIOD, before=1, after=2),
        "how many days a version stays valid: 1 → 2",
    ),
    (
        changes.PeriodChanged(role="snapshot", field=PERIOD, before=None, after=2),
        "snapshot: how many days a version stays valid: 2",
    ),
    (
        changes.ThresholdChanged(role="npm", before=2, after=1),
        "signatures needed for npm: 2 → 1",
    ),
    (changes.SignerAdded(role="npm", signer=ALICE), "@alice (key aa11) may now sign npm"),
    (changes.SignerRemoved(role="npm", signer=NAMELESS), "key ee55 may no longer sign npm"),
    (changes.NoSigners(role="npm"), "nobody's key may sign npm, or not yet"),
    (
        changes.KeyReplaced(role="npm", before=ALICE, after=NEW_ALICE),
        "@alice signs npm with another key: aa11 → bb22",
    ),
    (
        changes.KeyReplaced(role="timestamp", before=CLOUD, after=NEW_CLOUD),
        (
            "another online key signs timestamp: the online key gcpkms:x (key cc33) → "
            "the online key gcpkms:y (key dd44)"
        ),
    ),
    (
        changes.KeyAdded(signer=ALICE, keytype="ecdsa", scheme="p256"),
        "new key of @alice (key aa11): ecdsa p256",
    ),
    (changes.KeyRemoved(signer=ALICE), "no longer there: the key of @alice (key aa11)"),
    (
        changes.KeyChanged(signer=ALICE, field=("keyval", "public"), before="a", after="b"),
        'the key of @alice (key aa11) has another keyval.public: "a" → "b"',
    ),
    (changes.DelegationAdded(role="npm"), "new role: npm"),
    (changes.DelegationRemoved(role="npm"), "role no longer delegated: npm"),
    (
        changes.PatternAdded(role="npm", pattern="n/*", hashed=False),
        "npm may now list artifacts at n/*",
    ),
    (
        changes.PatternRemoved(role="npm", pattern="00", hashed=True),
        "npm may no longer list artifacts whose path hash starts with 00",
    ),
    (
        changes.TerminatingChanged(role="npm", before=True, after=False),
        "the search for artifacts of npm ends there: true → false",
    ),
    (
        changes.Reordered(path=("signed", "roles", 0, "a b"), order=("x", "y")),
        'another order in signed.roles[0]["a b"]: x, y',
    ),
    (
        changes.ArtifactAdded(artifact="a b", listing=SMALL),
        'new artifact "a b": 1 byte, sha256 ab',
    ),
    (changes.ArtifactRemoved(artifact="f"), "artifact no longer listed: f"),
    (
        changes.ArtifactChanged(artifact="f", before=SMALL, after=LARGE),
        "other content of artifact f: 1 byte, sha256 ab → 20 bytes, sha256 cd, sha512 ef",
    ),
    (
        changes.CustomChanged(artifact="f", field=("usage",), before=ABSENT, after="TSA"),
        'custom data of artifact f, usage: "TSA"',
    ),
    (
        changes.EntryChanged(file="npm.json", field=("version",), before=1, after=ABSENT),
        "npm.json, version: 1 → (nothing)",
    ),
    (changes.InvitationOpened(person="@e", role="npm"), "@e is invited to sign npm"),
    (
        changes.InvitationAccepted(person="@e", role="npm"),
        "@e accepted the invitation to sign npm",
    ),
    (
        changes.InvitationWithdrawn(person="@e", role="npm"),
        "@e is no longer invited to sign npm",
    ),
    (
        changes.SignatureChanged(signer=ALICE, before=None, after="3045"),
        "@alice (key aa11) signed: 3045",
    ),
    (
        changes.SignatureChanged(signer=ALICE, before="3045", after=""),
        "@alice (key aa11) has not signed this version: an empty entry now",
    ),
    (
        changes.SignatureChanged(signer=ALICE, before="3045", after=None),
        "@alice (key aa11) has not signed this version: no entry now",
    ),
    (
        changes.SignatureChanged(signer=ALICE, before=None, after=""),
        "@alice (key aa11): an empty entry",
    ),
    (
        changes.SignatureChanged(signer=ALICE, before="", after=None),
        "@alice (key aa11): no empty entry any more",
    ),
    (
        changes.ValueChanged(path=("signed", "x"), before=None, after={}),
        "a value unknown to Tufline, signed.x: null → {}",
    ),
)

NOTICE = Finding(
    rule="rule",
    severity=Severity.NOTICE,
    message="artifacts changed",
    role=None,
    path=None,
    waits=True,
)
ARTIFACT = Finding(
    rule="rule",
    severity=Severity.NOTICE,
    message="has other bytes",
    role=RoleName("targets"),
    path="targets/f",
    waits=True,
)
ROLE = RoleReview(
    name=RoleName("npm"),
    version=None,
    threshold=2,
    signed=("@a",),
    missing=("@b", "@c"),
    invited=("@d",),
    unverified=("@c",),
    previous=None,
    ready=False,
)


def words(fact: Fact) -> str:
    return "".join(part.text if isinstance(part, Shown) else part for part in sentence(fact))


@pytest.mark.parametrize(("fact", "expected"), WORDS, ids=lambda each: type(each).__name__)
def test_a_fact_reads_exactly_so(fact: Fact, expected: str) -> None:
    assert words(fact) == expected


def test_every_kind_of_fact_has_words_here() -> None:
    assert {type(fact) for fact, _ in WORDS} == set(get_args(Fact))


def test_what_is_no_fact_has_no_words() -> None:
    with pytest.raises(NotImplementedError, match="no words for int"):
        sentence(1)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Ready(), "READY: sound, and every needed signature is there"),
        (Waiting(frozenset(), ()), "WAITING: sound so far, but not complete"),
        (Refused((NOTICE,)), "REFUSED: do not sign or merge this, 1 error below"),
        (Refused((NOTICE, NOTICE)), "REFUSED: do not sign or merge this, 2 errors below"),
        (Unchanged(), "UNCHANGED: nothing differs from what is accepted already"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_verdict_reads_exactly_so(verdict: Verdict, expected: str) -> None:
    assert headline(verdict) == expected


def test_a_waiting_event_names_whom_and_what_it_waits_for() -> None:
    verdict = Waiting(frozenset({"@b"}), (ARTIFACT, NOTICE))
    nobody = RoleReview(
        name=RoleName("lost"),
        version=4,
        threshold=None,
        signed=(),
        missing=(),
        invited=(),
        unverified=(),
        previous=None,
        ready=False,
    )
    report = terminal(Review(roles=(ROLE, nobody), findings=(NOTICE,), verdict=verdict))
    assert report == (
        "WAITING: sound so far, but not complete\n"
        "  npm needs 1 more signature, of: @b, @c\n"
        "  @d has to accept the invitation to sign npm\n"
        "  targets/f: has other bytes\n"
        "  artifacts changed\n"
        "\n"
        "Who signs\n"
        "\n"
        "  npm: needs 2 signatures, has 1, not complete\n"
        "    [x] @a signed\n"
        "    [ ] @b has not signed\n"
        "    [!] the signature of @c does not verify\n"
        "    [?] @d is invited, and has not accepted yet\n"
        "\n"
        "  lost, version 4: nobody delegates this role\n"
        "\n"
        "Findings\n"
        "\n"
        "  notice rule\n"
        "      artifacts changed\n"
    )


def test_a_file_that_is_deleted_and_one_that_is_only_signed_say_so() -> None:
    path = "metadata/npm.json"
    signed = changes.SignatureChanged(signer=ALICE, before="", after="3045")
    leaf = changes.Leaf(path=("signatures", 0, "sig"), before="", after="3045", explained=True)
    same = changes.Content(kind=Kind.FILE, size=1, sha256="ab")
    found = changes.Changes(
        metadata=(
            changes.MetadataChange(
                path=path,
                role=RoleName("npm"),
                before=same,
                after=same,
                facts=(signed,),
                leaves=(leaf,),
            ),
        ),
        files=(changes.FileChange(path="targets/f", before=same, after=None),),
    )
    report = terminal(Review(roles=(), findings=(), verdict=Ready()), found)
    assert "  Role npm (metadata/npm.json)\n    - only signatures\n" in report
    assert "  Files\n    - targets/f is deleted\n" in report
