"""Do the same for many things, several at a time, without holding them all."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_WAITING_PER_WORKER = 2


def in_parallel(
    action: Callable[[Item], Result], items: Iterable[Item], *, workers: int
) -> Iterator[Result]:
    """Yield what `action` returns for each item, as they finish.

    With one worker everything is done in this thread, in order. The items are taken here, a few
    ahead of the workers. The first error of an action, or of `items`, is raised: nothing more is
    begun then, and what runs is waited for.
    """
    if workers == 1:
        yield from map(action, items)
        return
    finished: SimpleQueue[Future[Result]] = SimpleQueue()
    with ThreadPoolExecutor(workers) as pool:
        running = 0
        try:
            for item in items:
                if running == _WAITING_PER_WORKER * workers:
                    yield finished.get().result()
                    running -= 1
                pool.submit(action, item).add_done_callback(finished.put)
                running += 1
            for _ in range(running):
                yield finished.get().result()
        finally:
            pool.shutdown(cancel_futures=True)
