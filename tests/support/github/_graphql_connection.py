"""Lists as GitHub gives them in GraphQL: page by page, with cursors, never without bounds."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tests.support.github._graphql_schema import Refusal

_LIMIT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class PageInfo:
    start_cursor: str | None
    end_cursor: str | None
    has_next_page: bool
    has_previous_page: bool


@dataclass(frozen=True, slots=True)
class Edge:
    cursor: str
    node: object


class Connection:
    """A part of the items. Only their number may be asked for without `first` or `last`."""

    def __init__(
        self,
        name: str,
        items: Sequence[object],
        *,
        first: int | None = None,
        last: int | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> None:
        self._name = name
        self._items = items
        self._first = first
        self._last = last
        self._after = after
        self._before = before

    @property
    def total_count(self) -> int:
        return len(self._items)

    @property
    def nodes(self) -> list[object]:
        return [self._items[index] for index in self._page]

    @property
    def edges(self) -> list[Edge]:
        return [Edge(_cursor(index), self._items[index]) for index in self._page]

    @property
    def page_info(self) -> PageInfo:
        page = self._page
        return PageInfo(
            start_cursor=_cursor(page[0]) if page else None,
            end_cursor=_cursor(page[-1]) if page else None,
            has_next_page=page.stop < len(self._items),
            has_previous_page=page.start > 0,
        )

    @cached_property
    def _page(self) -> range:
        self._check()
        start = 0 if self._after is None else _index(self._after) + 1
        stop = len(self._items) if self._before is None else _index(self._before)
        page = range(len(self._items))[start:stop]
        if self._first is not None:
            page = page[: self._first]
        return page if self._last is None else page[max(0, len(page) - self._last) :]

    def _check(self) -> None:
        bounds = {"first": self._first, "last": self._last}
        if self._first is None and self._last is None:
            message = (
                "You must provide a `first` or `last` value to properly paginate the "
                f"`{self._name}` connection."
            )
            raise Refusal("MISSING_PAGINATION_BOUNDARIES", message)
        for bound, size in bounds.items():
            if size is not None and size > _LIMIT:
                message = (
                    f"Requesting {size} records on the `{self._name}` connection exceeds the "
                    f"`{bound}` limit of {_LIMIT} records."
                )
                raise Refusal("EXCESSIVE_PAGINATION", message)


def _cursor(index: int) -> str:
    return b64encode(f"cursor:v2:{index}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except (Error, ValueError):
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise Refusal("INVALID_CURSOR_ARGUMENTS", message) from None
