from securesystemslib.signer import Key, Signature, SigstoreKey
from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample, keyid_of

RULE = "sigstore-key"


def sigstore_key() -> Key:
    identity = {"identity": "eve@example.com", "issuer": "https://accounts.example.com"}
    key = SigstoreKey("", "sigstore-oidc", "Fulcio", identity, {"x-tuf-on-ci-keyowner": "@eve"})
    key.keyid = keyid_of(key)
    return key


def signed_with_sigstore() -> Sample:
    sample = Sample()
    sample.edit("npm")
    sample.edit("targets", lambda targets: targets.add_key(sigstore_key(), "npm"))
    metadata = sample.load("npm")
    keyid = sigstore_key().keyid
    metadata.signatures[keyid] = Signature(keyid, "abcd", {"bundle": {}})
    sample.write("npm", metadata)
    return sample


COUNTS = (
    "counts only where targets lists trusted_root.json and signing_config.v0.2.json, and"
    " tufline-repository[sigstore] is installed"
)
UNVERIFIED = (
    "notice npm: the signature of @eve could not be verified here: that of a Sigstore identity"
    f" {COUNTS}"
)


def test_it_is_said_what_a_sigstore_identity_means() -> None:
    found = judge(Sample(), signed_with_sigstore())

    assert said(found, RULE) == [
        (
            "notice targets: @eve signs with the Sigstore identity eve@example.com"
            " (https://accounts.example.com): plain TUF"
            f" clients cannot read this metadata, and the signature {COUNTS}"
        ),
        UNVERIFIED,
    ]


def test_it_is_said_why_a_signature_does_not_count_also_where_the_identity_is_not_new() -> None:
    main = signed_with_sigstore()
    event = main.copy()
    metadata = event.load("npm")
    metadata.signed.version += 1
    event.write("npm", metadata)

    assert said(judge(main, event), RULE) == [UNVERIFIED]
    assert said(judge(main, main.copy()), RULE) == []


def test_its_signature_neither_counts_nor_breaks_anything_without_a_trust_root() -> None:
    found = judge(Sample(), signed_with_sigstore())

    npm = next(role for role in found.roles if role.name == "npm")
    assert npm.signed == ("@dave",)
    assert npm.unverified == ("@eve",)
    assert said(found, "signature") == []


def test_attack_identity_becomes_a_signer_of_root() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(sigstore_key(), "root"))
    refused = "root: root is signed by keys, and never by the Sigstore identity of @eve; remove it"

    found = judge(Sample(), event)

    assert f"error {refused}" in said(found, RULE)
    assert verdict(found) == "refused"
    later = event.copy()
    later.edit("root")
    assert f"notice {refused}" in said(judge(event, later), RULE)


def test_identity_may_sign_other_roles_that_root_names() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(sigstore_key(), "targets"))
    assert judge(Sample(), event).errors == ()
