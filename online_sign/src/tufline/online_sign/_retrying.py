"""Online keys whose services may be busy or away for a moment: tried again, within a budget."""

import time
from collections.abc import Callable
from threading import Thread
from typing import Final

import tenacity
from securesystemslib.signer import Key, Signature

from tufline.online_sign._failure import OnlineKeyFailed
from tufline.online_sign._keys import OnlineKeys
from tufline.repository.format import online_uri

BUDGET: Final = 60.0
ATTEMPT: Final = 20.0


class Retrying:
    """Tries other keys again where that may help (`OnlineKeys`).

    One of these is for one run. Waits grow exponentially, with jitter. Each key is tried once, even
    when the budget is spent: where one cloud is away for long, another still signs.

    Args:
        keys: the keys.
        budget: how long, in seconds, calls and waits may take together before nothing is tried
            again.
        attempt: how long, in seconds, one call may take; some libraries wait for many minutes.
        sleep, clock: those of `time`; seconds.
    """

    def __init__(
        self,
        keys: OnlineKeys,
        *,
        budget: float = BUDGET,
        attempt: float = ATTEMPT,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._left = budget
        self._attempt = attempt
        self._sleep = sleep
        self._clock = clock

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Return a signature of `key` over `payload`; raise the last `OnlineKeyFailed`."""
        started = self._clock()

        def spent(state: tenacity.RetryCallState) -> bool:
            return self._clock() - started + state.upcoming_sleep >= self._left

        again = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_may_work_later),
            wait=tenacity.wait_exponential_jitter(initial=1, max=15, jitter=1),
            stop=spent,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return again(self._once, key, payload)
        finally:
            self._left -= self._clock() - started

    def _once(self, key: Key, payload: bytes) -> Signature:
        """Sign, but do not wait for ever. A signature that comes too late is nobody's."""
        call = _Call(self._keys, key, payload)
        call.start()
        call.join(self._attempt)
        if call.failure is not None:
            raise call.failure
        if call.signature is None:
            name = online_uri(key) or key.keyid
            raise OnlineKeyFailed(name, f"no answer in {self._attempt:g} s", transient=True)
        return call.signature


class _Call(Thread):
    """One call, which nobody waits for at the end of the process."""

    def __init__(self, keys: OnlineKeys, key: Key, payload: bytes) -> None:
        super().__init__(daemon=True)
        self._ask = (keys, key, payload)
        self.signature: Signature | None = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        keys, key, payload = self._ask
        try:
            self.signature = keys.sign(key, payload)
        except BaseException as failure:  # noqa: BLE001 - raised where it is waited for
            self.failure = failure


def _may_work_later(error: BaseException) -> bool:
    return isinstance(error, OnlineKeyFailed) and error.transient
