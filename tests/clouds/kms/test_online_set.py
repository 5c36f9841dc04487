"""`tufline online set` with the clouds' own libraries: each key is fetched and tried first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.clouds.kms.holding import SERVICES
from tests.signer.conftest import set_environment
from tests.signer.helpers import EVENT, Holder, Server, make_server, root_of, write_key
from tests.support.kms import Clouds, Fault, Faults

_URI = "x-tuf-on-ci-online-uri"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        set_environment(tmp_path / "home", patch)
        yield make_server(tmp_path)


@pytest.fixture
def alice(server: Server) -> Holder:
    return server.holder("@alice")


def _key_in(services: Clouds, kind: str, name: str) -> tuple[str, str, Faults]:
    """Make a key; return how people write its URI, how the service does, and its faults."""
    match kind:
        case "awskms":
            arn = services.aws.add(name)
            return f"awskms:{arn}", f"awskms:{arn}", services.aws.keys[arn].faults
        case "azurekms":
            found = services.azure.add(name).replace("https:", "azurekms:")
            return found.rpartition("/")[0], found, services.azure.keys[name].faults
        case "gcpkms":
            version = services.gcp.add(name)
            return f"gcpkms:{version}", f"gcpkms:{version}", services.gcp.keys[version].faults
        case _:
            services.vault.add(name)
            return f"hv:{name}", f"hv:{name}/2", services.vault.keys[name].faults


@contextmanager
def _denied(faults: Faults) -> Iterator[None]:
    faults.always(Fault.DENIED)
    yield
    faults.clear()


@pytest.mark.parametrize("kind", SERVICES)
def test_key_is_fetched_and_tried_before_it_is_proposed(
    services: Clouds, server: Server, alice: Holder, kind: str
) -> None:
    given, found, faults = _key_in(services, kind, f"proposed-{kind}")
    command = ("delegate", EVENT, "root", "--signers", "@alice", "--online-key", given, "--yes")
    with _denied(faults):
        refused = alice.run_apart(*command, environment=services.environment)
    assert refused.code == 1
    assert refused.err.startswith(f"error: online key {found}: "), refused.err
    assert EVENT not in server.heads()

    outcome = alice.run_apart(*command, environment=services.environment)
    assert outcome.code == 0, outcome.err
    assert f"{found}:\n  signed a trial, and its public key verifies that\n" in outcome.out
    root = root_of(server, EVENT)
    (keyid,) = root.roles["timestamp"].keyids
    assert root.keys[keyid].unrecognized_fields == {_URI: found}


def test_key_that_the_service_does_not_know_is_named(
    services: Clouds, server: Server, alice: Holder
) -> None:
    given = ("--signers", "@alice", "--online-key", "hv:nobody", "--yes")
    outcome = alice.run_apart("delegate", EVENT, "root", *given, environment=services.environment)
    assert outcome.code == 1
    assert outcome.err.startswith("error: online key hv:nobody: ")
    assert EVENT not in server.heads()


def test_older_version_is_told_from_the_newest(
    services: Clouds, server: Server, alice: Holder
) -> None:
    services.vault.add("turning")
    given = ("--signers", "@alice", "--online-key", "hv:turning/7", "--yes")
    outcome = alice.run_apart("delegate", EVENT, "root", *given, environment=services.environment)
    assert outcome.code == 1
    assert "hv:turning/7: the service has another version by now: hv:turning/2\n" in outcome.err
    assert EVENT not in server.heads()


def test_key_that_its_public_key_does_not_verify_is_refused(
    services: Clouds, server: Server, alice: Holder
) -> None:
    given, _, _ = _key_in(services, "gcpkms", "mixed-up")
    other = server.folder / "other.pem"
    write_key(other)
    keys = ("--online-key", given, "--online-public-key", f"{other}.pub")
    command = ("delegate", EVENT, "root", "--signers", "@alice", *keys, "--yes")
    outcome = alice.run_apart(*command, environment=services.environment)
    assert outcome.code == 1
    assert f"{given}: its public key does not verify what it signed\n" in outcome.err
    assert EVENT not in server.heads()
