"""Unmodified sigstore-python, whose trust comes from a repository that we published."""

import json
from pathlib import Path

from tests.clouds.sigstore.stage import BOB, Stage, expect
from tests.support.sigstore import SIGNING_CONFIG, TRUSTED_ROOT, python_sigstore
from tests.support.sigstore._clients import SigstorePython

from tufline.repository.forge import CheckVerdict

CLIENT = SigstorePython()


def test_what_is_signed_is_verified_before_and_after_the_rotation_of_a_log(stage: Stage) -> None:
    stage.begin(CLIENT)
    stage.sign(CLIENT, "before")
    stage.attest(CLIENT, "statement")
    stage.sigstore.rotate_log()
    stage.repository.deliver(stage.sigstore.instance)
    stage.sign(CLIENT, "after")
    logs = {name: _log(stage.bundle(name)) for name in ("before", "statement", "after")}
    assert logs["before"] == logs["statement"] != logs["after"]
    for name in logs:
        expect(stage.verify(CLIENT, name))


def test_nobody_else_has_signed_it(stage: Stage) -> None:
    stage.begin(CLIENT)
    stage.sign(CLIENT)
    expect(stage.verify(CLIENT, CLIENT.name, offline=True))
    refused = stage.verify(CLIENT, CLIENT.name, as_if=BOB)
    assert not refused.accepted
    assert "SANs do not match" in refused.output


def test_who_has_the_web_server_only_gives_clients_nothing(stage: Stage, tmp_path: Path) -> None:
    with python_sigstore(tmp_path / "forged") as other:
        forged = other.instance.trusted_root()
    for target in (stage.repository.folder / "targets").glob("*.trusted_root.json"):
        target.write_bytes(forged)
    refused = CLIENT.begin(stage.place(CLIENT))
    assert not refused.accepted
    assert "Failed to download trusted key bundle" in refused.output


def test_a_trust_that_is_wrong_is_not_published(stage: Stage) -> None:
    instance = stage.sigstore.instance
    wrong = json.loads(instance.trusted_root())
    wrong["ctlogs"][0]["logId"]["keyId"] = wrong["tlogs"][0]["logId"]["keyId"]
    before = stage.repository.pipeline.head("main")
    outcome = stage.repository.propose(json.dumps(wrong).encode(), instance.signing_config())
    assert outcome.status is not None
    (check,) = outcome.status.checks
    assert (outcome.merged, check.verdict) == (False, CheckVerdict.FAILED)
    assert "ctlogs[0].logId.keyId is" in check.text
    assert stage.repository.pipeline.head("main") == before


def test_the_repository_delivers_what_the_sigstore_is(stage: Stage) -> None:
    place = stage.place(CLIENT)
    for artifact, data in (
        (TRUSTED_ROOT, stage.sigstore.instance.trusted_root()),
        (SIGNING_CONFIG, stage.sigstore.instance.signing_config()),
    ):
        assert place.download(artifact).read_bytes() == data


def _log(bundle: Path) -> str:
    (entry,) = json.loads(bundle.read_bytes())["verificationMaterial"]["tlogEntries"]
    return str(entry["logId"]["keyId"])
