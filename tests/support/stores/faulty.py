"""A store before another one, that kills its publisher at one put, before or after its effect."""

import threading
from typing import Any

from tests.support.memory_history import Killed, When

from tufline.repository.publish import Store


class FaultyStore:
    """Passes everything on to `store`, but for its `nth` put (from 1) of any thread."""

    def __init__(self, store: Store, *, nth: int, when: When) -> None:
        self.struck = False
        self._store = store
        self._nth = nth
        self._when = when
        self._puts = 0
        self._lock = threading.Lock()

    def put(self, name: str, data: bytes, **options: Any) -> None:  # noqa: ANN401 - the port's
        """Put it, or be killed."""
        with self._lock:
            self._puts += 1
            strikes = self._puts == self._nth
            self.struck = self.struck or strikes
        if not (strikes and self._when is When.BEFORE):
            self._store.put(name, data, **options)
        if strikes:
            raise Killed(name)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any of the port
        """Return what the store has."""
        return getattr(self._store, name)
