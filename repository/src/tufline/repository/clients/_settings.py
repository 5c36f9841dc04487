"""The entry `[clients]` of `tufline.toml`: which clients try the repository before it is published.

[clients]
use = ["python-tuf", "tuf-js", "ours"]
timeout = 60                                  # seconds, for each run of a client

[clients.commands]
ours = ["/opt/ours/conformance-client"]
"""

import re
from dataclasses import dataclass, field
from typing import Final

BUNDLED: Final = ("python-tuf", "tuf-js", "go-tuf", "sigstore-tuf", "tuftool")
"""The clients that Tufline has a wrapper for."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LONGEST: Final = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientsSettings:
    """Which clients are used. `commands` are those that are not bundled, by name."""

    use: tuple[str, ...] = ("python-tuf",)
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    timeout: int = 60

    def __post_init__(self) -> None:
        if not all(map(_NAME.fullmatch, (*self.use, *self.commands))):
            raise ValueError("a client's name has small letters, digits and '-'")
        if not all(self.commands.values()):
            raise ValueError("commands names a program for each client")
        if unknown := set(self.use) - {*BUNDLED, *self.commands}:
            known = ", ".join(BUNDLED)
            raise ValueError(f"no command for {', '.join(sorted(unknown))}; bundled are {known}")
        if not 1 <= self.timeout <= _LONGEST:
            raise ValueError(f"timeout is 1 second or more, {_LONGEST} at most")
