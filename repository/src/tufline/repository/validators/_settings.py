"""The entries `[[validator]]` of `tufline.toml`: programs that look at artifacts' content.

[[validator]]
name = "trusted-root"
paths = ["trusted_root.json"]                 # TUF target paths; patterns as in a delegation
use = "sigstore-trusted-root"                 # ours; or command = ["./tools/check-it"]

A word of a command that begins with "./" names a file of main. Nothing else of a tree is run.
"""

import re
from dataclasses import dataclass
from typing import Final

BUNDLED: Final = ("sigstore-trusted-root", "sigstore-signing-config")
"""The validators that come with Tufline."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LONGEST: Final = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidatorSettings:
    """One validator: a bundled one, or a program of the repository's maintainers."""

    name: str
    paths: tuple[str, ...]
    use: str | None = None
    command: tuple[str, ...] = ()
    timeout: int = 60

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("a validator's name has small letters, digits and '-'")
        if not self.paths:
            raise ValueError("paths says which artifacts are validated")
        if not all(each and not each.startswith("/") for each in self.paths):
            raise ValueError("paths are patterns as in a delegation: not empty, no / in front")
        if (self.use is None) == (not self.command):
            raise ValueError("give either use or command")
        if any(not word or "\0" in word for word in self.command):
            raise ValueError("command is a list of words, none of them empty")
        if self.use is not None and self.use not in BUNDLED:
            raise ValueError(f"use names one of {', '.join(BUNDLED)}")
        if not 1 <= self.timeout <= _LONGEST:
            raise ValueError(f"timeout is 1 second or more, {_LONGEST} at most")
