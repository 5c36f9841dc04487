"""What lies below metadata/.attestations proves something of a new key, or is an error."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from securesystemslib.signer import SigstoreKey
from tests.support.attested import (
    VENDORS,
    attestation_of,
    path_of,
    replace_bob,
    trusting,
    vendor,
)
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import NOW, Sample, key_for
from tests.support.yubikey import Vendor
from tests.support.yubikey._vendor import make_root
from tuf.api.metadata import Root

from tufline.repository.attestation import Attested, Claims
from tufline.repository.review import Policy, Review, Unattested
from tufline.repository.state import Kind

RULE = "attestation"
FOLDER = "metadata/.attestations"
NEW = key_for("@bob#2").keyid
NO_VENDOR = (
    "no vendor that is trusted signed slot f9's certificate, whose issuer is CN=Vendor PIV Root "
    "CA Serial 1"
)
BASE = trusting(Sample())
POLICY = Policy(attestation_vendors=(VENDORS,))


def event_with(files: dict[str, bytes] | None = None, *, signers: tuple[str, ...] = ()) -> Sample:
    """Return an event in which @bob has a new key, and these files beside the metadata."""
    event = BASE.copy()
    event.edit("root", replace_bob, signers=signers)
    event.files |= attestation_of("@bob#2") if files is None else files
    return event


def judged(
    event: Sample, base: Sample = BASE, policy: Policy = POLICY, now: datetime = NOW
) -> Review:
    return judge(base, event, policy=policy, now=now)


def error_of(
    event: Sample, base: Sample = BASE, policy: Policy = POLICY, now: datetime = NOW
) -> str:
    """Return the one error of the rule, without what all of them say."""
    found = judged(event, base, policy, now)
    (remark,) = (each for each in said(found, RULE) if each.startswith("error"))
    assert verdict(found) == "refused"
    assert not any(isinstance(each, Attested) for each in found.origins.values())
    return remark.partition("not an attestation that counts: ")[2].removesuffix("; delete it")


def test_attestation_of_a_new_key_is_waited_for_to_go() -> None:
    found = judged(event_with())
    (remark,) = said(found, RULE)
    assert remark == (
        f"waiting {FOLDER}: 1 attestation, which a job removes when nothing else is missing"
    )
    assert found.errors == ()
    assert isinstance(found.origins[NEW], Attested)


def test_event_that_all_have_signed_is_not_ready_while_it_holds_one() -> None:
    everybody = ("@alice", "@carol", "@bob", "@bob#2")
    assert verdict(judged(event_with({}, signers=everybody))) == "ready"
    assert verdict(judged(event_with(signers=everybody))) == "waiting"


def test_without_vendors_nothing_is_proven_and_a_key_without_attestation_is_no_news() -> None:
    found = judged(event_with(), policy=Policy())
    assert isinstance(found.origins[NEW], Claims)
    assert verdict(found) == "waiting"
    assert judged(event_with({}), policy=Policy()).origins == {}
    assert judged(event_with({})).origins == {NEW: Unattested()}


def test_identity_is_in_no_device_and_lacks_no_attestation() -> None:
    identity = SigstoreKey(
        "0" * 64,
        "sigstore-oidc",
        "Fulcio",
        {"issuer": "https://issuer.example.org", "identity": "bob@example.org"},
        {"x-tuf-on-ci-keyowner": "@bob"},
    )
    event = BASE.copy()
    event.edit("targets", lambda targets: targets.add_key(identity, "npm"), signers=())
    assert judged(event).origins == {}


def test_attack_vendor_that_main_does_not_name() -> None:
    event = event_with(attestation_of("@bob#2", maker=Vendor()))
    assert error_of(event) == NO_VENDOR


def test_attack_vendors_that_the_event_brings() -> None:
    own = Vendor()
    event = event_with(attestation_of("@bob#2", maker=own))
    event.files[VENDORS] = own.root.pem
    assert error_of(event) == NO_VENDOR
    main = BASE.copy()
    del main.files[VENDORS]
    event.files[VENDORS] = vendor().root.pem
    assert error_of(event, main) == f"main has no file {VENDORS}, which its tufline.toml names"


def test_attack_attestation_of_somebody_elses_key() -> None:
    event = event_with(attestation_of("@alice", at="@bob#2"))
    assert error_of(event) == "it is of another key"
    assert error_of(event, policy=Policy()) == "it is of another key"


@pytest.mark.parametrize("person", ["@alice", "@bob", "@mallory", "@dave"])
def test_attack_key_that_is_not_new_in_the_event(person: str) -> None:
    event = event_with(attestation_of(person))
    assert error_of(event) == "no person's key of that id is new in the event"


def test_attack_key_that_nobody_holds() -> None:
    def orphan(root: Root) -> None:
        key = key_for("@bob#2")
        del key.unrecognized_fields["x-tuf-on-ci-keyowner"]
        root.add_key(key, "root")

    event = BASE.copy()
    event.edit("root", orphan, signers=())
    event.files |= attestation_of("@bob#2")
    assert error_of(event) == "no person's key of that id is new in the event"


def test_attestation_must_be_valid_when_it_is_judged() -> None:
    late = datetime(2051, 1, 1, tzinfo=UTC)
    assert "is not valid at this time" in error_of(event_with(), now=late)


def test_attack_issuer_that_would_act_on_a_screen() -> None:
    root = make_root("Vendor\n# ready \u202e\x1b[2J")
    message = error_of(event_with(attestation_of("@bob#2", maker=Vendor(root=root))))
    assert "CN=Vendor" in message
    assert message.isprintable()


PLACES = [
    f"{FOLDER}/README",
    f"{FOLDER}/{NEW}",
    f"{FOLDER}/{NEW.upper()}.pem",
    f"{FOLDER}/{NEW}.PEM",
    f"{FOLDER}/{NEW}.pem\n",
    f"{FOLDER}/{NEW[:-1]}.pem",
    f"{FOLDER}/a/{NEW}.pem",
    f"{FOLDER}/../{NEW}.pem",
]


@pytest.mark.parametrize("path", PLACES, ids=range(len(PLACES)))
def test_attack_place_that_is_nobodys(path: str) -> None:
    (data,) = attestation_of("@bob#2").values()
    assert error_of(event_with({path: data})) == "the path is not <key id>.pem"


@pytest.mark.parametrize("path", ["metadata/.attestations", "metadata/.Attestations/x.pem"])
def test_attack_place_that_only_looks_like_it(path: str) -> None:
    found = judged(event_with({path: b"anything"}))
    assert places(found, "unclaimed-path") == [f"error {path}"]
    assert verdict(found) == "refused"


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "one_certificate": lambda data: data[: data.index(b"-----BEGIN", 1)],
    "three_certificates": lambda data: data + data[data.index(b"-----BEGIN", 1) :],
    "text_before": lambda data: b"# run me\n" + data,
    "text_between": lambda data: data.replace(b"\n-----BEGIN", b"\n\n-----BEGIN"),
    "text_after": lambda data: data + b"x",
    "lines_of_windows": lambda data: data.replace(b"\n", b"\r\n"),
    "lines_of_another_length": lambda data: data[:60] + data[60:].replace(b"\n", b"", 1),
    "private_key": lambda data: data.replace(b"CERTIFICATE", b"PRIVATE KEY"),
    "not_text": lambda data: b"\xff" + data,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_attack_file_that_is_not_two_certificates(damage: Callable[[bytes], bytes]) -> None:
    ((path, data),) = attestation_of("@bob#2").items()
    assert error_of(event_with({path: damage(data)})) == "not exactly two certificates in PEM"


def test_attack_certificates_that_are_none() -> None:
    ((path, data),) = attestation_of("@bob#2").items()
    event = event_with({path: data.replace(b"\nMII", b"\nAAA")})
    assert error_of(event) == "slot f9's certificate is damaged"


def test_attack_huge_file() -> None:
    ((path, data),) = attestation_of("@bob#2").items()
    assert error_of(event_with({path: data * 20})) == f"{len(data) * 20} bytes, over 16384"


def test_attack_thousands_of_files() -> None:
    (data,) = attestation_of("@bob#2").values()
    found = judged(event_with({f"{FOLDER}/{n:064x}.pem": data for n in range(3000)}))
    assert said(found, RULE) == [f"error {FOLDER}: more than 64 files; delete them"]


def test_attack_symbolic_link() -> None:
    event = event_with()
    event.kinds = {path_of("@bob#2"): Kind.SYMLINK}
    assert error_of(event) == "a symlink, not a plain file"


def test_file_on_main_is_refused_and_may_be_removed() -> None:
    main = event_with(signers=("@alice", "@bob", "@carol", "@bob#2"))
    found = judge_whole(None, main)
    assert said(found, RULE) == [
        f"error {path_of('@bob#2')}: an attestation belongs to an event only; remove it"
    ]
    event = main.copy()
    event.files.pop(path_of("@bob#2"))
    event.edit("root", signers=())
    assert judged(event, main).errors == ()
