"""The entry `[publish.purge]` of `tufline.toml`: how the caches in front of the store are told.

[publish.purge]
method = "PURGE"                   # a request with this method to each URL that has changed
header = "Fastly-Key"
secret-variable = "PURGE_TOKEN"    # the environment variable that holds the header's value

[publish.purge]
command = ["/usr/local/bin/invalidate"]    # or a program, which gets the URLs as arguments
"""

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST: Final = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class PurgeSettings:
    """How caches forget a URL: by a request or by a program. `timeout` is in seconds, for each."""

    method: str | None = None
    header: str | None = None
    secret_variable: str | None = None
    command: tuple[str, ...] = ()
    timeout: int = 60

    def __post_init__(self) -> None:
        if (self.method is None) == (not self.command):
            raise ValueError("purge has a method or a command")
        if self.method is not None and not _TOKEN.fullmatch(self.method):
            raise ValueError('method is one of HTTP, such as "PURGE"')
        self._expect_header()
        if not 1 <= self.timeout <= _LONGEST:
            raise ValueError(f"timeout is 1 second or more, {_LONGEST} at most")

    def _expect_header(self) -> None:
        """Refuse half of a header, and one that nobody would send."""
        if (self.header is None) != (self.secret_variable is None):
            raise ValueError("header and secret-variable go together")
        if self.header is None or self.secret_variable is None:
            return
        if self.command:
            raise ValueError("a command sends no header; it reads the environment itself")
        if not _TOKEN.fullmatch(self.header):
            raise ValueError("header is the name of one")
        if not _VARIABLE.fullmatch(self.secret_variable):
            raise ValueError("secret-variable names an environment variable")
