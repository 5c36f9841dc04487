"""Whose word for a Sigstore is taken, and what happens when it changes or is away."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import Signature
from tests.clouds.sigstore.conftest import Open
from tests.clouds.sigstore.identities import URI, WORKFLOW, Workflow, pin
from tests.commands.running import expect_failure
from tests.support.sample import ONLINE, Sample, key_for
from tests.support.sigstore import SIGNING_CONFIG, TRUSTED_ROOT, Instance, python_sigstore

from tufline.online_sign._keys import KeysByUri
from tufline.online_sign._run import Run
from tufline.online_sign._sigstore import IdentitySigner
from tufline.repository.identities import (
    TOKEN_VARIABLE,
    IdentityKeys,
    pinned_trust,
    verifier_for,
)
from tufline.repository.jobs import load_event
from tufline.repository.review import Ready

FILE_KEY = key_for(ONLINE).keyid
EVENT = "sign/identity"
PAYLOAD = b'{"_type":"timestamp"}'


def signed(workflow: Workflow, payload: bytes = PAYLOAD) -> Signature:
    """Let the workflow sign by what main pins."""
    verifier = verifier_for(workflow.pipeline.state("main"))
    return Run(KeysByUri()).sign(workflow.key, payload, verifier)


def counts(workflow: Workflow, main: Sample, signature: Signature) -> bool:
    return verifier_for(main.state()).verify(workflow.key, signature, PAYLOAD)


def pinning(workflow: Workflow, instance: Instance) -> Sample:
    workflow.pin(instance.trusted_root(), instance.signing_config())
    return workflow.pipeline.main


def away(instance: Instance) -> Instance:
    """Return the instance with a Fulcio that nobody answers at."""
    (authority,) = instance.authorities
    return replace(instance, authorities=(replace(authority, url="http://127.0.0.1:1"),))


def test_what_is_published_stays_valid_when_the_log_is_rotated(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    workflow.publish()
    old = workflow.timestamp()
    workflow.sigstore.rotate_log()

    main = pinning(workflow, workflow.sigstore.instance)

    signature = old.signatures[workflow.key.keyid]
    assert verifier_for(main.state()).verify(workflow.key, signature, old.signed_bytes)
    assert workflow.online_sign().answer["signed"] == ["snapshot", "timestamp"]
    assert workflow.publish().code == 0
    new = workflow.timestamp().signatures[workflow.key.keyid]
    logs = [_log(each) for each in (signature, new)]
    assert logs[0] != logs[1]


def test_where_a_trust_drops_a_log_versions_go_on_and_all_is_signed_anew(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    workflow.publish()
    old = workflow.timestamp()
    workflow.sigstore.rotate_log()
    instance = workflow.sigstore.instance
    main = pinning(workflow, replace(instance, logs=instance.logs[1:]))
    signature = old.signatures[workflow.key.keyid]
    assert not verifier_for(main.state()).verify(workflow.key, signature, old.signed_bytes)

    assert workflow.online_sign().code == 0

    assert workflow.timestamp().signed.version == old.signed.version + 1
    assert workflow.publish().code == 0


def test_log_that_had_ended_and_unknown_ones_do_not_count(opened: Open, tmp_path: Path) -> None:
    workflow = opened()
    signature, instance = signed(workflow), workflow.sigstore.instance
    assert counts(workflow, workflow.pipeline.main, signature)
    (log,) = instance.logs
    ended = replace(instance, logs=(replace(log, end=log.start + timedelta(minutes=1)),))
    assert not counts(workflow, pinning(workflow, ended), signature)
    with python_sigstore(tmp_path / "other") as other:
        assert not counts(workflow, pinning(workflow, other.instance), signature)


def test_sigstore_is_away_and_the_other_key_signs(opened: Open) -> None:
    workflow = opened(file_key=True)
    pinning(workflow, away(workflow.sigstore.instance))

    ran = workflow.online_sign()

    assert [each["name"] for each in ran.answer["failed_keys"]] == [URI]
    assert workflow.signers() == {FILE_KEY}
    assert workflow.publish().code == 0


def test_sigstore_is_away_and_the_error_says_until_when_clients_go_on(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    before, ends = workflow.published, workflow.timestamp().signed.expires
    pinning(workflow, away(workflow.sigstore.instance))

    expect_failure(workflow.online_sign(), f"{URI}: ", f"clients go on until {ends:%Y-%m-%d}")

    assert workflow.published == before


def test_trust_of_main_that_fails_does_not_stop_what_was_accepted_last(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    version = workflow.timestamp().signed.version
    pinning(workflow, away(workflow.sigstore.instance))
    workflow.pipeline.now += timedelta(days=5)  # the timestamp is due

    assert workflow.online_sign().code == 1

    assert workflow.timestamp().signed.version == version + 1
    assert workflow.publish().code == 0


def test_attack_trust_that_people_did_not_sign_is_none(opened: Open, tmp_path: Path) -> None:
    workflow = opened()
    signature, main = signed(workflow), workflow.pipeline.main
    with python_sigstore(tmp_path / "other") as other:
        forged = other.instance.trusted_root()
    swapped, unsigned = main.copy(), main.copy()
    swapped.files[f"targets/{TRUSTED_ROOT}"] = forged
    unsigned.sign("targets", unsigned.load("targets"), ["@alice"])
    unlisted = main.copy()
    unlisted.edit("targets", lambda targets: targets.targets.pop(SIGNING_CONFIG))
    for sample, said in (
        (swapped, f"{TRUSTED_ROOT} is not the file that targets lists"),
        (unsigned, "targets is not signed to its threshold by keys"),
        (unlisted, f"targets does not list {SIGNING_CONFIG}"),
        (Sample(), f"main has no artifact {TRUSTED_ROOT}"),
    ):
        assert said in (verifier_for(sample.state()).problem or "")
        assert not counts(workflow, sample, signature)


def test_attack_identity_never_counts_for_a_root(opened: Open) -> None:
    workflow = opened()
    verifier = verifier_for(workflow.pipeline.state("main"))
    payload = b'{"_type":"root"}'
    assert verifier.trust is not None
    signature = _signed_by_anybody(workflow, payload)
    assert IdentityKeys(verifier.trust).verify(workflow.key, signature, payload)
    assert not verifier.verify(workflow.key, signature, payload)


def test_preflight_signs_with_the_identity_that_an_event_proposes(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = opened(file_key=True, identity=False)
    _propose_identity(workflow)

    (check,) = workflow.preflight(EVENT).answer["checks"]
    assert (check["verdict"], check["text"]) == ("passed", "")

    monkeypatch.setenv(TOKEN_VARIABLE, workflow.token(f"{WORKFLOW}2"))
    ran = workflow.preflight(EVENT)
    assert (ran.code, ran.answer["checks"][0]["verdict"]) == (1, "failed")
    assert "what was signed is not signed by" in ran.answer["checks"][0]["text"]


def test_preflight_goes_by_the_trust_of_main_not_of_the_event(opened: Open) -> None:
    workflow = opened(file_key=True, identity=False)
    main = workflow.pipeline.main.copy()
    for artifact in (TRUSTED_ROOT, SIGNING_CONFIG):
        del main.files[f"targets/{artifact}"]
    main.edit("targets", lambda targets: targets.targets.clear(), now=workflow.pipeline.now)
    workflow.pipeline.merge_by_force(main)
    event, instance = main.copy(), workflow.sigstore.instance
    files = instance.trusted_root(), instance.signing_config()
    pin(event, *files, now=workflow.pipeline.now)
    _propose_identity(workflow, event)

    (check,) = workflow.preflight(EVENT).answer["checks"]

    assert check["verdict"] == "inconclusive"
    assert f"main has no artifact {TRUSTED_ROOT}" in check["text"]


def test_role_of_an_event_is_signed_by_the_identity(opened: Open) -> None:
    workflow = opened()
    workflow.pipeline.keys = KeysByUri()  # type: ignore[assignment] # the same port
    event, now = workflow.pipeline.main.copy(), workflow.pipeline.now

    def delegate(targets: object) -> None:
        targets.add_key(workflow.key, "npm")  # type: ignore[attr-defined] # python-tuf's
        targets.delegations.roles["npm"].threshold = 2  # type: ignore[attr-defined] # as above

    event.edit("targets", delegate, now=now)
    event.edit("npm", now=now)
    workflow.pipeline.push(EVENT, event)

    assert workflow.pipeline.sign_event(EVENT) == ("npm",)

    found = load_event(workflow.pipeline.history, EVENT, verifiers=verifier_for)
    judged = found.review(now=now)
    assert isinstance(judged.verdict, Ready), judged.verdict


def _signed_by_anybody(workflow: Workflow, payload: bytes) -> Signature:
    trust = pinned_trust(workflow.pipeline.state("main"))
    return IdentitySigner(workflow.key, trust, workflow.token).sign(payload)


def _propose_identity(workflow: Workflow, event: Sample | None = None) -> None:
    event = event or workflow.pipeline.main.copy()
    now = workflow.pipeline.now
    event.edit("root", lambda root: root.add_key(workflow.key, "timestamp"), now=now)
    workflow.pipeline.push(EVENT, event)


def _log(signature: Signature) -> str:
    material = signature.unrecognized_fields["bundle"]["verificationMaterial"]
    (entry,) = json.loads(json.dumps(material))["tlogEntries"]
    return str(entry["logId"]["keyId"])
