"""What a new repository is made from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tufline.repository.errors import UserError

SCHEDULES: Final[Mapping[str, tuple[str, ...]]] = {
    "create-signing-events": ("23 6 * * *",),
    "online-sign": ("23 1,7,13,19 * * *",),
    "check": ("47 * * * *",),
}
"""When the scheduled workflows run (cron, UTC): off the full hour, when GitHub is busy."""

_SECRET: Final = re.compile(r"(?!GITHUB_)[A-Z][A-Z0-9_]*")
_PIN: Final = re.compile(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40})")


class InvalidPin(UserError):
    """Where our actions are was not said in a form that pins them."""

    hint = 'write OWNER/NAME@COMMIT with the full commit id, such as "tufline/tufline@0123...cdef"'

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} pins no actions")


class InvalidSecret(UserError):
    """No secret on GitHub can have this name."""

    hint = 'write capital letters, digits and "_", such as TUFLINE_SLACK_URL; not GITHUB_...'

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} cannot be the name of a secret")


def secret(text: str) -> str:
    """Return the name of a secret; raise `InvalidSecret`."""
    if not _SECRET.fullmatch(text):
        raise InvalidSecret(text)
    return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """Our composite actions, at one commit: what every workflow calls.

    Attributes:
        repository: "owner/name".
        commit: the full id.
        version: for people, in a comment; None where it has none.
    """

    repository: str
    commit: str
    version: str | None = None

    def action(self, name: str) -> str:
        """Return what `uses:` says for an action."""
        comment = "" if self.version is None else f" # {self.version}"
        return f"{self.repository}/actions/{name}@{self.commit}{comment}"


def pin(text: str, version: str | None = None) -> Pin:
    """Return "OWNER/NAME@COMMIT" as a pin; raise `InvalidPin`."""
    found = _PIN.fullmatch(text)
    if not found:
        raise InvalidPin(text)
    return Pin(repository=found[1], commit=found[2], version=version)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnGitHub:
    """Workflows run the jobs.

    Attributes:
        pin: our actions.
        schedules: cron by workflow.
        online_sign: inputs of the action online-sign: who logs in to which cloud.
        app: whether the jobs that work on events act as a GitHub App, not by the default token.
        secrets: what jobs need to tell people, by name: `secret` made them.
    """

    pin: Pin
    schedules: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: SCHEDULES)
    online_sign: Mapping[str, str] = field(default_factory=dict)
    app: bool = False
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OnServer:
    """A hook and a timer on a plain git server run the jobs.

    Attributes:
        git_dir: the bare repository.
        program: the `tufline` that is installed there.
        site: the folder that is published for all; what is for testing lies beside it.
    """

    git_dir: str = "/srv/git/tuf.git"
    program: str = "/opt/tufline/bin/tufline"
    site: str = "/srv/tuf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What `render` makes a repository from.

    Attributes:
        name: what people call it; on GitHub "owner/name".
        maintainers: "@name" of those who may merge, and who own what is not signed.
        metadata_dir: the folder of the published metadata; "." for Sigstore's clients.
    """

    name: str
    host: OnGitHub | OnServer
    maintainers: tuple[str, ...] = ()
    metadata_dir: str = "metadata"

    @property
    def on_github(self) -> bool:
        """Whether GitHub runs the jobs."""
        return isinstance(self.host, OnGitHub)
