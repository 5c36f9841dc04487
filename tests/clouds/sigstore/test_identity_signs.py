"""Online signing by a workflow's identity, with the trust that the repository itself delivers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import Signature, SigstoreKey
from tests.clouds.sigstore.stage import Stage
from tests.support.sample import key_for, signer_for
from tests.support.sigstore import python_sigstore
from tests.support.sigstore._delivery import delivery
from tuf.api.metadata import Metadata, Timestamp

from tufline.online_sign._failure import OnlineKeyFailed
from tufline.online_sign._sigstore import IdentitySigner, ambient_token
from tufline.repository.identities import IdentityKeys, NoPinnedTrust, PinnedTrust, pinned_trust
from tufline.repository.state import MemoryFiles, State

WORKFLOW = "https://github.com/example/tuf/.github/workflows/online-sign.yml@refs/heads/main"
PAYLOAD = b"what is signed"


def key_of(issuer: str, workflow: str = WORKFLOW) -> SigstoreKey:
    keyval = {"identity": workflow, "issuer": issuer}
    return SigstoreKey("0" * 64, "sigstore-oidc", "Fulcio", keyval)


def trust_of(stage: Stage) -> PinnedTrust:
    return pinned_trust(stage.repository.pipeline.state("main"))


def signer_of(stage: Stage, *, claims: str = WORKFLOW) -> IdentitySigner:
    """Return the signer of the workflow whose token says that it is `claims`."""

    def token() -> str:
        return stage.sigstore.token("none@example.com", workflow=claims)

    return IdentitySigner(key_of(stage.sigstore.issuer.url), trust_of(stage), token)


def test_metadata_is_signed_and_verified_when_no_service_is_left(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with (
        python_sigstore(tmp_path / "sigstore") as sigstore,
        delivery(tmp_path / "web", sigstore.instance) as repository,
    ):
        stage = Stage(folder=tmp_path / "work", sigstore=sigstore, repository=repository)
        signer, metadata = signer_of(stage), Metadata(Timestamp())
        metadata.sign(signer)
        trust = trust_of(stage)
    key = signer.public_key
    read = Metadata[Timestamp].from_bytes(metadata.to_bytes())
    signature = read.signatures[key.keyid]
    assert IdentityKeys(trust).verify(key, signature, read.signed_bytes)
    assert not IdentityKeys(trust).verify(key, signature, read.signed_bytes + b" ")


def test_only_this_identity_has_signed(stage: Stage, tmp_path: Path) -> None:
    signer, trust = signer_of(stage), trust_of(stage)
    key, issuer = signer.public_key, stage.sigstore.issuer.url
    signature = signer.sign(PAYLOAD)
    keys = IdentityKeys(trust)
    assert keys.verify(key, signature, PAYLOAD)
    assert not keys.verify(key_of(issuer, f"{WORKFLOW}2"), signature, PAYLOAD)
    assert not keys.verify(key_of("https://other.example.org"), signature, PAYLOAD)
    assert not keys.verify(key, _with_signature(signature, "AAAA"), PAYLOAD)
    assert not keys.verify(key, Signature(key.keyid, signature.signature), PAYLOAD)
    with python_sigstore(tmp_path / "other") as other:
        elsewhere = replace(trust, trusted_root=other.instance.trusted_root())
    assert not IdentityKeys(elsewhere).verify(key, signature, PAYLOAD)


def test_who_is_somebody_else_signs_nothing(stage: Stage) -> None:
    signer = signer_of(stage, claims=f"{WORKFLOW}-of-a-fork")
    with pytest.raises(OnlineKeyFailed, match="what was signed is not signed by"):
        signer.sign(PAYLOAD)


def test_other_keys_verify_as_ever(stage: Stage) -> None:
    keys, key = IdentityKeys(trust_of(stage)), key_for("@alice")
    signature = signer_for("@alice").sign(PAYLOAD)
    assert keys.verify(key, signature, PAYLOAD)
    assert not keys.verify(key, signature, b"else")


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPinnedTrust, match="main has no artifact trusted_root"):
        pinned_trust(State(MemoryFiles({})))
    for variable in ("GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(OnlineKeyFailed, match="grant `id-token: write`"):
        ambient_token()


def _with_signature(signature: Signature, text: str) -> Signature:
    fields: dict[str, Any] = signature.unrecognized_fields
    return Signature(signature.keyid, text, fields)
