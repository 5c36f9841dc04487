"""The attestation of a new key goes along where co-signers can use it, and never stands in the way.

What a token says is known only to real tokens: tests/signer/test_yubikey.py has one.
"""

from dataclasses import dataclass

import pytest
from securesystemslib.signer import Key, Signature
from tests.signer.helpers import NOW
from tests.support.attested import VENDORS, attestation_of, trusting
from tests.support.sample import Sample, key_for
from tests.support.yubikey import Vendor

from tufline.repository.edit import Draft, replace_key
from tufline.repository.errors import TuflineError
from tufline.repository.format import Attestation, Owner, parse_attestation
from tufline.repository.history import Commit
from tufline.repository.jobs import Event, draft_proposal
from tufline.repository.review import Lineage
from tufline.repository.settings import read_settings
from tufline.signer.commands._attesting import attestation_to_give, say_what_goes_along
from tufline.signer.keys import TokenFailure

KEY = key_for("@bob#2")
ISSUER = "CN=Vendor PIV Root CA Serial 1"
DEVICE = "YubiKey 5.4.3, serial 15835999, PIN: once per session, touch: for each signature"


@dataclass(frozen=True)
class OneToken:
    """A token with one key, of which it says this, or fails."""

    says: Attestation | TuflineError | None

    def new_key(self) -> Key:
        return KEY

    def find(self, key: Key) -> str:
        return f"the token with {key.keyid}"

    def attestation(self, key: Key) -> Attestation | None:
        assert key is KEY
        if isinstance(self.says, TuflineError):
            raise self.says
        return self.says

    def sign(self, key: Key, payload: bytes) -> Signature:
        raise AssertionError(f"nothing is signed here: {key.keyid}, {payload!r}")


def said(maker: Vendor | None = None) -> Attestation:
    (data,) = attestation_of("@bob#2", maker=maker).values()
    return parse_attestation(data)


def given(says: Attestation | TuflineError | None, main: Sample) -> Attestation | None:
    return attestation_to_give(OneToken(says), KEY, event_on(main), now=NOW)


def replaced(says: Attestation, main: Sample) -> None:
    """Put the key in the place of @bob's, and tell what goes along."""
    attestation = given(says, main)

    def edit(draft: Draft) -> None:
        replace_key(draft, Owner("@bob"), KEY, attestation=attestation)

    say_what_goes_along(draft_proposal(event_on(main), edit, message="Replace", now=NOW), KEY)


def event_on(main: Sample) -> Event:
    state = main.state()
    return Event(
        name="sign/change",
        main=Commit("0" * 40),
        head=Commit("0" * 40),
        behind=False,
        known_good=state,
        proposed=state,
        lineage=Lineage(),
        settings=read_settings(state),
    )


@pytest.mark.parametrize("main", [Sample(), trusting(Sample())], ids=["no_vendors", "vendors"])
def test_it_goes_along_and_that_is_told(main: Sample, capsys: pytest.CaptureFixture[str]) -> None:
    assert given(said(), main) == said()
    replaced(said(), main)
    told = " ".join(capsys.readouterr().out.split())
    assert told == f"an attestation of the key goes along: it was made in a {DEVICE}"


def test_nothing_goes_along_where_main_knows_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    main = Sample()
    main.edit("root", lambda root: root.add_key(KEY, "root"))
    replaced(said(), main)
    assert capsys.readouterr().out == ""


def test_nothing_is_said_where_the_token_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert given(None, trusting(Sample())) is None
    assert capsys.readouterr().out == ""


def _without_vendors() -> Sample:
    main = trusting(Sample())
    del main.files[VENDORS]
    return main


REASONS: dict[str, tuple[Attestation | TuflineError, Sample, str]] = {
    "vendor_unknown": (
        said(Vendor()),
        trusting(Sample()),
        f"no vendor that is trusted signed slot f9's certificate, whose issuer is {ISSUER}",
    ),
    "vendors_missing": (
        said(),
        _without_vendors(),
        "main has no file vendors.pem, which its tufline.toml names",
    ),
    "of_another_key": (
        parse_attestation(*attestation_of("@alice").values()),
        Sample(),
        "it is of another key",
    ),
}


@pytest.mark.parametrize(("says", "main", "reason"), REASONS.values(), ids=REASONS)
def test_what_would_be_refused_stays_at_home(
    says: Attestation, main: Sample, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert given(says, main) is None
    told = " ".join(capsys.readouterr().out.split())
    ending = "the key goes without an attestation"
    assert told == f"the attestation is not accepted: {reason}; {ending}"


def test_token_that_fails_does_not_stop_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert given(TokenFailure("the token", "DeviceError"), Sample()) is None
    told = " ".join(capsys.readouterr().out.split())
    assert told.endswith("; the key goes without an attestation")
    assert "DeviceError" in told
