"""Keys whose services are busy or away: tried again within a budget, others never."""

import threading
from dataclasses import dataclass, field

import pytest
from securesystemslib.signer import Key, Signature
from tests.support.sample import ONLINE, key_for, signer_for

from tufline.online_sign._keys import OnlineKeyFailed
from tufline.online_sign._retrying import Retrying
from tufline.repository.format import online_uri

NEXT = "file2:next"
BUSY = OnlineKeyFailed(ONLINE, "busy", transient=True)
DENIED = OnlineKeyFailed(ONLINE, "denied")


@dataclass
class Clock:
    """Time that goes on only when somebody sleeps, or a call takes its time."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def time(self) -> float:
        return self.now


@dataclass
class Flaky:
    """`OnlineKeys` that fail as they are told, by URI, then work; a call takes `takes` seconds."""

    clock: Clock
    failures: dict[str, list[Exception]] = field(default_factory=dict)
    always: dict[str, Exception] = field(default_factory=dict)
    takes: float = 0.0
    asked: list[str] = field(default_factory=list)

    def sign(self, key: Key, payload: bytes) -> Signature:
        uri = online_uri(key) or ""
        self.asked.append(uri)
        self.clock.now += self.takes
        if uri in self.always:
            raise self.always[uri]
        if self.failures.get(uri):
            raise self.failures[uri].pop(0)
        return signer_for(uri).sign(payload)


def retrying(keys: Flaky, **options: float) -> Retrying:
    return Retrying(keys, sleep=keys.clock.sleep, clock=keys.clock.time, **options)


def test_key_that_was_busy_signs_after_waits_that_grow() -> None:
    keys = Flaky(Clock(), failures={ONLINE: [BUSY] * 3})

    signature = retrying(keys).sign(key_for(ONLINE), b"payload")

    key_for(ONLINE).verify_signature(signature, b"payload")
    assert keys.asked == [ONLINE] * 4
    for shortest, slept in zip((1, 2, 4), keys.clock.slept, strict=True):
        assert shortest <= slept <= shortest + 1


def test_waits_have_jitter() -> None:
    waits = set()
    for _ in range(5):
        keys = Flaky(Clock(), failures={ONLINE: [BUSY]})
        retrying(keys).sign(key_for(ONLINE), b"")
        waits |= set(keys.clock.slept)
    assert len(waits) > 1


def test_what_says_no_for_good_is_not_tried_again() -> None:
    keys = Flaky(Clock(), always={ONLINE: DENIED})

    with pytest.raises(OnlineKeyFailed, match="denied"):
        retrying(keys).sign(key_for(ONLINE), b"")

    assert (keys.asked, keys.clock.slept) == ([ONLINE], [])


def test_defect_is_not_tried_again_and_not_hidden() -> None:
    keys = Flaky(Clock(), always={ONLINE: ZeroDivisionError("a defect")})

    with pytest.raises(ZeroDivisionError):
        retrying(keys).sign(key_for(ONLINE), b"")

    assert keys.asked == [ONLINE]


def test_no_wait_begins_that_would_end_after_the_budget() -> None:
    keys = Flaky(Clock(), always={ONLINE: BUSY})

    with pytest.raises(OnlineKeyFailed, match="busy"):
        retrying(keys, budget=30).sign(key_for(ONLINE), b"")

    assert 10 < sum(keys.clock.slept) < 30


def test_budget_is_for_all_keys_together_and_the_other_key_still_gets_its_try() -> None:
    keys = Flaky(Clock(), always={ONLINE: BUSY}, failures={NEXT: [BUSY]}, takes=31)
    again = retrying(keys, budget=60)
    with pytest.raises(OnlineKeyFailed):
        again.sign(key_for(ONLINE), b"")
    assert keys.asked == [ONLINE] * 2
    with pytest.raises(OnlineKeyFailed):
        again.sign(key_for(NEXT), b"")

    assert again.sign(key_for(NEXT), b"").keyid == key_for(NEXT).keyid
    assert keys.asked == [ONLINE] * 2 + [NEXT] * 2


def test_time_between_calls_is_not_spent() -> None:
    keys = Flaky(Clock(), failures={ONLINE: [BUSY]})
    again = retrying(keys, budget=5)
    keys.clock.now += 3600

    assert again.sign(key_for(ONLINE), b"").keyid == key_for(ONLINE).keyid


def test_budget_of_nothing_means_one_try() -> None:
    keys = Flaky(Clock(), always={ONLINE: BUSY})

    with pytest.raises(OnlineKeyFailed):
        retrying(keys, budget=0).sign(key_for(ONLINE), b"")

    assert (keys.asked, keys.clock.slept) == ([ONLINE], [])


class Hanging:
    """`OnlineKeys` whose first call hangs until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.calls = 0

    def sign(self, key: Key, payload: bytes) -> Signature:
        self.calls += 1
        if self.calls == 1:
            self.let_go.wait(60)
        return signer_for(online_uri(key) or "").sign(payload)


def test_call_that_hangs_is_given_up_and_made_again() -> None:
    keys = Hanging()
    clock = Clock()
    again = Retrying(keys, attempt=0.05, sleep=clock.sleep, clock=clock.time)
    try:
        signature = again.sign(key_for(ONLINE), b"payload")
    finally:
        keys.let_go.set()

    key_for(ONLINE).verify_signature(signature, b"payload")
    assert (keys.calls, len(clock.slept)) == (2, 1)


def test_call_that_hangs_without_budget_is_said_to_hang() -> None:
    keys = Hanging()
    try:
        with pytest.raises(OnlineKeyFailed, match=r"file2:online: no answer in 0\.05 s"):
            Retrying(keys, attempt=0.05, budget=0).sign(key_for(ONLINE), b"payload")
    finally:
        keys.let_go.set()
