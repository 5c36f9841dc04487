"""Services that refuse or answer wrongly: nothing is committed, and the error says what to do."""

from datetime import timedelta

import pytest
from tests.clouds.kms.holding import SAID, SERVICES, Keys, Open, moved_to
from tests.support.kms import Fault, Limits, OnlineRepository, SigningFailed
from tests.support.pipeline import DAY

SHORT = Limits(budget=1)
WRONG = [Fault.WRONG_KEY, Fault.GARBAGE]
TIMESTAMP_ENDS = timedelta(days=7)


def _expect_failure(repository: OnlineRepository, *said: str) -> str:
    """New content and a due timestamp: nothing can be signed, and nothing is committed."""
    repository.merge(b"two\n")
    repository.pipeline.now += 5 * DAY
    before = repository.commits

    with pytest.raises(SigningFailed) as caught:
        repository.sign(SHORT)

    assert repository.commits == before
    repository.expect_valid()
    assert caught.value.kind == "NotSigned"
    assert caught.value.hint
    assert "Traceback" not in str(caught.value)
    for words in said:
        assert words in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("kind", "fault"), list(SAID))
def test_error_names_the_key_and_quotes_the_service(
    kind: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[kind])
    repository.sign()
    keys[kind].faults.always(fault)

    _expect_failure(repository, keys[kind].uri, SAID[kind, fault])

    keys[kind].faults.clear()
    assert repository.sign()["signed"] == ["snapshot", "timestamp"]
    repository.expect_valid()


@pytest.mark.parametrize("kind", SERVICES)
def test_denied_key_is_not_asked_again(kind: str, keys: Keys, opened: Open) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.always(Fault.DENIED)

    with pytest.raises(SigningFailed):
        repository.sign()

    assert keys[kind].faults.asked == 1
    assert repository.commits == ()


@pytest.mark.parametrize("fault", WRONG)
@pytest.mark.parametrize("kind", SERVICES)
def test_wrong_signature_is_not_committed(
    kind: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[kind])
    repository.sign()
    keys[kind].faults.always(fault)

    _expect_failure(repository, keys[kind].uri, "signed with another key than the metadata has")


@pytest.mark.parametrize("fault", WRONG)
@pytest.mark.parametrize("kind", SERVICES)
def test_wrong_signature_of_timestamp_alone_keeps_the_good_snapshot_back_too(
    kind: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.plan(None, *[fault] * 9)

    with pytest.raises(SigningFailed):
        repository.sign(SHORT)

    assert keys[kind].faults.signed >= 1
    assert repository.commits == ()


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.STALLED])
@pytest.mark.parametrize("kind", SERVICES)
def test_service_that_is_away_is_given_up_within_the_budget(
    kind: str, fault: Fault, keys: Keys, opened: Open
) -> None:
    repository = opened(keys[kind])
    keys[kind].faults.always(fault)

    with pytest.raises(SigningFailed) as caught:
        repository.sign(Limits(budget=1, attempt=1))

    assert keys[kind].uri in str(caught.value)
    assert repository.commits == ()


@pytest.mark.parametrize("kind", SERVICES)
def test_error_says_how_long_clients_can_go_on(kind: str, keys: Keys, opened: Open) -> None:
    repository = opened(keys[kind])
    repository.sign()
    ends = repository.load("timestamp").signed.expires
    assert ends == repository.pipeline.now + TIMESTAMP_ENDS
    keys[kind].faults.always(Fault.DENIED)

    said = _expect_failure(repository, keys[kind].uri)

    assert f"{ends:%Y-%m-%d}" in said


@pytest.mark.parametrize(
    ("kind", "other", "said"),
    [
        ("awskms", "gone", "NotFoundException"),
        ("azurekms", "0" * 32, "was not found"),
        ("gcpkms", "7", "404 CryptoKeyVersion .* not found"),
        ("hv", "1", "version is too old"),
    ],
)
def test_version_that_is_not_there_is_named(
    kind: str, other: str, said: str, keys: Keys, opened: Open
) -> None:
    uri = "/".join((*keys[kind].uri.split("/")[:-1], other))
    repository = opened(moved_to(keys[kind], uri))

    with pytest.raises(SigningFailed, match=said) as caught:
        repository.sign()

    assert uri in str(caught.value)
    assert keys[kind].faults.asked == 0
    assert repository.commits == ()
