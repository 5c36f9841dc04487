"""Who signed by a Sigstore identity is said in words; its bundle is shown unless it verified."""

from dataclasses import replace

import pytest
from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, Signature, SigstoreKey
from tests.support.judging import judge
from tests.support.sample import Sample, keyid_of

from tufline.repository.changes import changes_between
from tufline.repository.report import gist, terminal
from tufline.repository.review import IdentitySignature, Review

BUNDLE = {"mediaType": "of a bundle", "tlogEntries": [{"logIndex": "917"}]}
KEYVAL = {"identity": "eve@example.com", "issuer": "https://accounts.example.com"}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KEY_FOR_TYPE_AND_SCHEME, ("sigstore-oidc", "Fulcio"), SigstoreKey)


def eve() -> SigstoreKey:
    fields = {"x-tuf-on-ci-keyowner": "@eve"}
    key = SigstoreKey("", "sigstore-oidc", "Fulcio", KEYVAL, fields)
    key.keyid = keyid_of(key)
    return key


def main() -> Sample:
    sample = Sample()
    sample.edit("targets", lambda targets: targets.add_key(eve(), "npm"))
    return sample


def signed(sample: Sample, sig: str = "abcd", **fields: object) -> Sample:
    event = sample.copy()
    metadata, keyid = event.load("npm"), eve().keyid
    metadata.signatures[keyid] = Signature(keyid, sig, dict(fields))
    event.write("npm", metadata)
    return event


def shown(base: Sample, event: Sample, *, verified: bool) -> str:
    review: Review = judge(base, event)
    if verified:
        found = (IdentitySignature(keyid=eve().keyid, **KEYVAL),)
        roles = (replace(each, identities=found) for each in review.roles if each.name == "npm")
        review = replace(review, roles=tuple(roles))
    return terminal(review, changes_between(base.state(), event.state()))


def test_verified_signature_is_shown_by_its_identity() -> None:
    base = main()
    report = shown(base, signed(base, bundle=BUNDLE), verified=True)
    squeezed = " ".join(report.split())
    assert "signed: abcd; signed by eve@example.com (https://accounts.example.com), verified" in (
        squeezed
    )
    assert "of a bundle" not in report
    assert "917" not in report


def test_bundle_of_what_did_not_verify_is_shown() -> None:
    base = main()
    report = shown(base, signed(base, bundle=BUNDLE), verified=False)
    assert "of a bundle" in report
    assert "917" in report
    assert "signed by eve@example.com" not in report


def test_what_lies_beside_the_bundle_is_shown() -> None:
    base = main()
    report = shown(base, signed(base, bundle=BUNDLE, other="beside"), verified=True)
    assert "beside" in report
    assert "917" not in report


def test_bundle_that_is_exchanged_or_gone_is_shown() -> None:
    base = signed(main(), bundle=BUNDLE)
    exchanged = signed(base, bundle={**BUNDLE, "mediaType": "another"})
    assert "another" in shown(base, exchanged, verified=True)
    gone = shown(base, signed(base, sig="ef", bundle={"mediaType": "another"}), verified=True)
    assert "917" in gone
    assert "another" not in gone


def test_gist_tells_of_no_bundle() -> None:
    base = main()
    event = signed(base, bundle=BUNDLE)
    assert gist(changes_between(base.state(), event.state())) == ()
