"""What online keys do for signing events: they are tried first, and sign roles of their own."""

import copy
import json

import pytest
from tests.clouds.kms.holding import SERVICES, Holding, Keys, Open
from tests.support.delegating import delegate
from tests.support.kms import Fault, OnlineRepository
from tests.support.sample import Sample
from tuf.api.metadata import Metadata, Targets

EVENT = "sign/change"


def _allow(main: Sample, kind: str) -> None:
    main.files["tufline.toml"] += f'[review]\nonline-keys = ["file2:", "{kind}:"]\n'.encode()


def _propose_key(repository: OnlineRepository, holding: Holding) -> None:
    """Let an event give timestamp another online key, which main's settings allow."""
    pipeline = repository.pipeline
    _allow(pipeline.main, holding.kind)
    pipeline.merge_by_force(pipeline.main)
    event = pipeline.main.copy()
    event.edit("root", lambda root: root.add_key(copy.deepcopy(holding.key), "timestamp"))
    pipeline.push(EVENT, event)


@pytest.mark.parametrize("kind", SERVICES)
def test_preflight_tries_the_key_that_an_event_proposes(
    kind: str, keys: Keys, opened: Open
) -> None:
    repository = opened(keys["file2"])
    _propose_key(repository, keys[kind])

    ran = repository.run("ci", "preflight", EVENT)

    assert ran["code"] == 0, ran["err"]
    (check,) = json.loads(ran["out"])["checks"]
    assert check["verdict"] == "passed"
    assert keys[kind].faults.signed == 1


@pytest.mark.parametrize("fault", [Fault.DENIED, Fault.GARBAGE])
@pytest.mark.parametrize("kind", SERVICES)
def test_preflight_fails_where_the_key_could_not_sign(
    kind: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys["file2"])
    _propose_key(repository, keys[kind])
    keys[kind].faults.always(fault)

    ran = repository.run("ci", "preflight", EVENT)

    assert ran["code"] == 1
    (check,) = json.loads(ran["out"])["checks"]
    assert check["verdict"] == "failed"
    assert keys[kind].uri in json.dumps(check)


@pytest.mark.parametrize("kind", SERVICES)
def test_online_key_signs_a_role_of_its_own_in_an_event(
    kind: str, keys: Keys, opened: Open
) -> None:
    repository = opened(keys["file2"])
    pipeline = repository.pipeline
    _allow(pipeline.main, kind)
    pipeline.merge_by_force(pipeline.main)
    event = pipeline.main.copy()
    _delegate(event, keys[kind])
    pipeline.push(EVENT, event)
    keys[kind].faults.plan(Fault.LOST)

    ran = repository.run("ci", "online-sign", "--event", EVENT)

    assert ran["code"] == 0, ran["err"]
    assert json.loads(ran["out"])["signed"] == ["nightly"]
    files = pipeline.files(pipeline.head(EVENT))
    metadata = Metadata[Targets].from_bytes(files["metadata/nightly.json"])
    signature = metadata.signatures[keys[kind].key.keyid]
    keys[kind].key.verify_signature(signature, metadata.signed_bytes)


def _delegate(event: Sample, holding: Holding) -> None:
    """Delegate to a role that the key signs; it has not yet."""
    delegate(event, "nightly", ["nightly/*"], {"nightly/app.bin": b"nightly\n"})

    def give(targets: Targets) -> None:
        assert targets.delegations
        assert targets.delegations.roles
        targets.delegations.roles["nightly"].keyids = []
        targets.add_key(copy.deepcopy(holding.key), "nightly")

    event.edit("targets", give)
    event.sign("nightly", event.load("nightly"), [])
