"""The entries `[notify]` and `[watch]` of `tufline.toml`. They name secrets, and never hold one."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tufline.repository.notify._interface import Kind, Severity

_MOST_HOURS: Final = 24 * 365
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ADDRESS: Final = re.compile(r"""[^\s@<>()\[\]\\,;:"]+@[A-Za-z0-9.-]+""", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9.:-]+")
_HIGHEST_PORT: Final = 65_535


class Security(StrEnum):
    """How a connection to a mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookSettings:
    """A chat that takes Slack's JSON. The URL is a secret."""

    url_variable: str
    of: tuple[Kind, ...] = tuple(Kind)
    at_least: Severity = Severity.INFO

    def __post_init__(self) -> None:
        _expect_variables(self.url_variable)


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpSettings:
    """A mail server, and who gets the mails. Without a user there is no login."""

    server: str
    port: int = 587
    security: Security = Security.STARTTLS
    sender: str
    recipients: tuple[str, ...]
    user_variable: str | None = None
    password_variable: str | None = None
    of: tuple[Kind, ...] = tuple(Kind)
    at_least: Severity = Severity.INFO

    def __post_init__(self) -> None:
        login = [each for each in (self.user_variable, self.password_variable) if each is not None]
        _expect_variables(*login)
        if len(login) == 1:
            raise ValueError("user-variable and password-variable go together")
        if login and self.security is Security.NONE:
            raise ValueError("a password is not sent without TLS: set security to starttls or tls")
        if not self.recipients or not all(map(_ADDRESS.fullmatch, (self.sender, *self.recipients))):
            raise ValueError("sender and recipients are plain mail addresses, name@example.com")
        if not _HOST.fullmatch(self.server) or not 1 <= self.port <= _HIGHEST_PORT:
            raise ValueError("server is the name of a host, and port a number up to 65535")


@dataclass(frozen=True, kw_only=True, slots=True)
class PagerDutySettings:
    """A service of PagerDuty, by the integration key of its Events API v2."""

    key_variable: str
    url: str = "https://events.pagerduty.com/v2/enqueue"
    of: tuple[Kind, ...] = (Kind.PROBLEM, Kind.MENDED)
    at_least: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        _expect_variables(self.key_variable)
        if Kind.ASKED in self.of:
            raise ValueError('pagerduty is told of "problem" and "mended" only')


@dataclass(frozen=True, kw_only=True, slots=True)
class NotifySettings:
    """Who is told. `repository` is how they know which repository it is about."""

    repository: str | None = None
    webhook: tuple[WebhookSettings, ...] = ()
    smtp: tuple[SmtpSettings, ...] = ()
    pagerduty: tuple[PagerDutySettings, ...] = ()

    def __post_init__(self) -> None:
        if self.repository is not None and not self.repository.strip():
            raise ValueError("repository is a name, or left out")


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchSettings:
    """What a watch expects, and what happens after it. The URL of the heartbeat is a secret.

    `every` is in hours, by workflow: how often it runs where its schedule is not ours. `remind`,
    `warn` and `page` are days before a role that people sign ends: see `status.Ladder`.
    """

    heartbeat_variable: str | None = None
    every: dict[str, int] = field(default_factory=dict)
    remind: int | None = None
    warn: int | None = None
    page: int | None = None

    def __post_init__(self) -> None:
        rungs = [each for each in (self.remind, self.warn, self.page) if each is not None]
        if any(days < 1 for days in rungs) or rungs != sorted(rungs, reverse=True):
            raise ValueError("remind, warn and page are days before the end, each less than before")
        if any(not 1 <= hours <= _MOST_HOURS for hours in self.every.values()):
            raise ValueError(f"every is 1 hour or more, {_MOST_HOURS} at most")
        if self.heartbeat_variable is not None:
            _expect_variables(self.heartbeat_variable)


def _expect_variables(*names: str) -> None:
    """Refuse what is no name, such as the secret itself; without repeating it."""
    if not all(map(_VARIABLE.fullmatch, names)):
        raise ValueError("an entry that ends in -variable names an environment variable")
