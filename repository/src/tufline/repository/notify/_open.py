"""From settings to sinks; telling them; and the sign of life."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from tufline.repository.notify._http import DEFAULT_PATIENCE, Patience, request
from tufline.repository.notify._interface import Kind, Notice, NotSent, Severity, Sink
from tufline.repository.notify._pagerduty import PagerDutySink
from tufline.repository.notify._settings import (
    NotifySettings,
    PagerDutySettings,
    SmtpSettings,
    WatchSettings,
    WebhookSettings,
)
from tufline.repository.notify._webhook import WebhookSink

_RANKS: Final = {severity: rank for rank, severity in enumerate(reversed(Severity))}
_SinkSettings: TypeAlias = WebhookSettings | SmtpSettings | PagerDutySettings


@dataclass(frozen=True, kw_only=True, slots=True)
class _Environment:
    """The variables that settings name."""

    variables: Mapping[str, str]
    repository: str

    def secret(self, sink: str, variable: str) -> str:
        """Return the value; raise `NotSent` where there is none."""
        value = self.variables.get(variable, "").strip()
        if not value:
            raise NotSent(sink, f"the environment variable {variable} is not set")
        return value


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chosen:
    """A sink that is told of some kinds only, and of problems that are bad enough (`Sink`)."""

    sink: Sink
    of: tuple[Kind, ...]
    at_least: Severity

    @property
    def name(self) -> str:
        return self.sink.name

    def send(self, notice: Notice) -> None:
        minor = notice.kind is Kind.PROBLEM and _RANKS[notice.severity] < _RANKS[self.at_least]
        if notice.kind in self.of and not minor:
            self.sink.send(notice)


def open_sinks(
    settings: NotifySettings, environment: Mapping[str, str]
) -> tuple[tuple[Sink, ...], tuple[NotSent, ...]]:
    """Return the sinks that can be told, and why the others cannot."""
    repository = settings.repository or environment.get("GITHUB_REPOSITORY") or "tufline"
    found = _Environment(variables=environment, repository=repository)
    wanted: tuple[_SinkSettings, ...] = (*settings.webhook, *settings.smtp, *settings.pagerduty)
    sinks: list[Sink] = []
    unset: list[NotSent] = []
    for each in wanted:
        try:
            sinks.append(_Chosen(sink=_open(each, found), of=each.of, at_least=each.at_least))
        except NotSent as problem:
            unset.append(problem)
    return tuple(sinks), tuple(unset)


def notify(sinks: Iterable[Sink], notice: Notice) -> tuple[NotSent, ...]:
    """Tell every sink; return what did not get through."""
    outcomes = [_send(sink, notice) for sink in sinks]
    return tuple(problem for problem in outcomes if problem is not None)


def beat(
    settings: WatchSettings,
    environment: Mapping[str, str],
    *,
    patience: Patience = DEFAULT_PATIENCE,
) -> tuple[NotSent, ...]:
    """Give the sign of life that an outside service expects, where one is set up."""
    variable = settings.heartbeat_variable
    if variable is None:
        return ()
    name = f"heartbeat {variable}"
    try:
        url = _Environment(variables=environment, repository="").secret(name, variable)
        request(name, "GET", url, patience=patience)
    except NotSent as problem:
        return (problem,)
    return ()


def _send(sink: Sink, notice: Notice) -> NotSent | None:
    try:
        sink.send(notice)
    except NotSent as problem:
        return problem
    except Exception as error:  # noqa: BLE001 - a defect of one sink must not silence the others
        return NotSent(sink.name, f"unexpected {type(error).__name__}")
    return None


def _open(settings: _SinkSettings, environment: _Environment) -> Sink:
    match settings:
        case WebhookSettings(url_variable=variable):
            name = f"webhook {variable}"
            url = environment.secret(name, variable)
            return WebhookSink(name=name, url=url, repository=environment.repository)
        case PagerDutySettings(key_variable=variable, url=url):
            name = f"pagerduty {variable}"
            key = environment.secret(name, variable)
            return PagerDutySink(name=name, url=url, key=key, repository=environment.repository)
        case SmtpSettings():
            return _open_smtp(settings, environment)
        case _:
            assert_never(settings)


def _open_smtp(settings: SmtpSettings, environment: _Environment) -> Sink:
    # smtplib and ssl are slow to import, and this module comes with the settings of every job
    from tufline.repository.notify._smtp import Login, SmtpSink  # noqa: PLC0415 - see above

    name, login = f"smtp {settings.server}", None
    if settings.user_variable and settings.password_variable:
        login = Login(
            user=environment.secret(name, settings.user_variable),
            password=environment.secret(name, settings.password_variable),
        )
    return SmtpSink(
        name=name,
        server=settings.server,
        port=settings.port,
        security=settings.security,
        login=login,
        sender=settings.sender,
        recipients=settings.recipients,
        repository=environment.repository,
    )
