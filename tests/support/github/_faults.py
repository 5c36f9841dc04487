"""Faults on order: the answers GitHub gives on its bad days, and connections that break."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What happens besides a plain error status."""

    PRIMARY_LIMIT = "403 until a time far away"
    SECONDARY_LIMIT = "403 that asks to slow down"
    BREAK_BEFORE = "connection closed, nothing done"
    BREAK_AFTER = "done, connection closed without an answer"


@dataclass(kw_only=True)
class Fault:
    """Strike the `nth` matching request (from 1), and so many (`times`) from it on.

    `method` and `path` are regular expressions, of the whole method and of a part of the path: of
    what follows `/api/v3`, of "graphql:FIELD" with the field of the query or mutation, or of the
    whole path of a git URL. `kind` is a status or a `Kind`.
    """

    method: str = ".*"
    path: str = ""
    kind: int | Kind
    nth: int = 1
    times: int = 1
    seen: int = 0

    def strikes(self, method: str, path: str) -> bool:
        if not re.fullmatch(self.method, method) or not re.search(self.path, path):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass
class FaultPlan:
    """The faults to come. Every fault counts every request that it matches."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)

    def strike(self, method: str, path: str) -> int | Kind | None:
        struck = [fault.kind for fault in self.faults if fault.strikes(method, path)]
        return struck[0] if struck else None


_MESSAGES: Mapping[int, str] = {
    401: "Bad credentials",
    403: "Resource not accessible by integration",
    404: "Not Found",
    409: "Conflict",
    422: "Validation Failed",
    429: "API rate limit exceeded",
    500: "Server Error",
    502: "Server Error",
    503: "Service unavailable",
}
_PRIMARY = "API rate limit exceeded for installation."
_RESET = "4102444800"
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


def failure(kind: int | Kind) -> tuple[int, dict[str, str], dict[str, str]]:
    """Return status, body and headers of the error that the fault asks for."""
    documentation = {"documentation_url": "https://docs.github.com/rest"}
    if kind is Kind.PRIMARY_LIMIT:
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": _RESET}
        return 403, {"message": _PRIMARY, **documentation}, headers
    if isinstance(kind, Kind):
        return 403, {"message": _SECONDARY, **documentation}, {"Retry-After": "0"}
    headers = {"Retry-After": "0"} if kind == 429 else {}
    message = _MESSAGES.get(kind, "Error")
    return kind, {"message": message, **documentation, "status": str(kind)}, headers
