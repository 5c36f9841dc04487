"""The command, with its own limits and waits, as a job runs it."""

import json

from tests.clouds.kms.holding import KINDS, Keys, Open
from tests.support.kms import Fault


def test_command_signs_with_a_key_of_every_kind(keys: Keys, opened: Open) -> None:
    repository = opened(*(keys[kind] for kind in KINDS))

    ran = repository.command()

    assert (ran["code"], ran["err"]) == (0, "")
    assert json.loads(ran["out"])["signed"] == ["snapshot", "timestamp"]
    assert len(repository.signers("timestamp")) == len(KINDS)
    repository.expect_valid()


def test_command_waits_for_a_service_that_is_busy(keys: Keys, opened: Open) -> None:
    repository = opened(keys["gcpkms"])
    keys["gcpkms"].faults.plan(Fault.THROTTLED)

    ran = repository.command()

    assert (ran["code"], keys["gcpkms"].faults.asked) == (0, 3)
    repository.expect_valid()


def test_command_says_what_failed_and_what_to_do(keys: Keys, opened: Open) -> None:
    repository = opened(keys["awskms"])
    keys["awskms"].faults.always(Fault.DENIED)

    ran = repository.command()

    assert (ran["code"], ran["out"]) == (1, "")
    assert ran["err"].startswith("error: ")
    assert keys["awskms"].uri in ran["err"]
    assert "AccessDeniedException" in ran["err"]
    assert "\nhint: " in ran["err"]
    assert "Traceback" not in ran["err"]
