"""Threshold 1 of two keys in two clouds: the other key signs where one fails."""

from itertools import pairwise

import pytest
from tests.clouds.kms.holding import SERVICES, Keys, Open
from tests.support.kms import Fault, Limits, SigningFailed
from tests.support.pipeline import DAY

SHORT = Limits(budget=1, attempt=3)
AWS_FAILS, GCP_FAILS = ("awskms", "gcpkms"), ("gcpkms", "awskms")
CASES = [
    *((*pair, fault) for pair in (AWS_FAILS, GCP_FAILS) for fault in Fault),
    *((*pair, Fault.DENIED) for pair in pairwise(SERVICES)),
]


@pytest.mark.parametrize(("failing", "working", "fault"), CASES)
def test_other_cloud_signs(
    failing: str, working: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[failing], keys[working])
    keys[failing].faults.always(fault)

    assert repository.sign(SHORT)["signed"] == ["snapshot", "timestamp"]

    assert repository.signers("snapshot") == {keys[working].uri}
    assert repository.signers("timestamp") == {keys[working].uri}
    repository.expect_valid()


def test_cloud_that_works_again_signs_again(keys: Keys, opened: Open) -> None:
    repository = opened(keys["awskms"], keys["gcpkms"])
    keys["awskms"].faults.always(Fault.DENIED)
    repository.sign()
    keys["awskms"].faults.clear()
    repository.merge(b"two\n")

    repository.sign()

    both = {keys["awskms"].uri, keys["gcpkms"].uri}
    assert repository.signers("snapshot") == repository.signers("timestamp") == both
    repository.expect_served(b"two\n")


def test_wrong_signatures_of_both_are_kept_out(keys: Keys, opened: Open) -> None:
    repository = opened(keys["awskms"], keys["gcpkms"])
    keys["awskms"].faults.always(Fault.WRONG_KEY)
    keys["gcpkms"].faults.always(Fault.GARBAGE)

    with pytest.raises(SigningFailed) as caught:
        repository.sign(SHORT)

    assert keys["awskms"].uri in str(caught.value)
    assert keys["gcpkms"].uri in str(caught.value)
    assert repository.commits == ()


def test_with_no_key_left_the_error_has_both_reasons_and_the_end(keys: Keys, opened: Open) -> None:
    repository = opened(keys["awskms"], keys["gcpkms"])
    repository.sign()
    ends = repository.load("timestamp").signed.expires
    keys["awskms"].faults.always(Fault.DENIED)
    keys["gcpkms"].faults.always(Fault.DISABLED)
    repository.merge(b"two\n")
    repository.pipeline.now += 5 * DAY
    before = repository.commits

    with pytest.raises(SigningFailed) as caught:
        repository.sign(SHORT)

    said = str(caught.value)
    assert keys["awskms"].uri in said
    assert "AccessDeniedException" in said
    assert keys["gcpkms"].uri in said
    assert "current state is: DESTROYED" in said
    assert f"{ends:%Y-%m-%d}" in said
    assert caught.value.hint
    assert repository.commits == before
