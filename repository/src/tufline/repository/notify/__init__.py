"""Telling people, and the services that wake them: problems, their end, and what is asked of them.

    sinks, unset = open_sinks(settings.notify, os.environ)
    unsent = notify(sinks, Notice(kind=Kind.PROBLEM, key="publish", title="publish failed", ...))

Every text in a notice may come from a stranger: each adapter sees to it that its medium shows it
as text. What fails is reported, by a name that holds no secret, and stops neither the other sinks
nor the job. Nothing is decided by what was told.
"""

from tufline.repository.notify._forge import ForgeSink
from tufline.repository.notify._interface import Kind, Notice, NotSent, Severity, Sink
from tufline.repository.notify._open import beat, notify, open_sinks
from tufline.repository.notify._report import report_problems
from tufline.repository.notify._settings import (
    NotifySettings,
    PagerDutySettings,
    Security,
    SmtpSettings,
    WatchSettings,
    WebhookSettings,
)

__all__ = [
    "ForgeSink",
    "Kind",
    "NotSent",
    "Notice",
    "NotifySettings",
    "PagerDutySettings",
    "Security",
    "Severity",
    "Sink",
    "SmtpSettings",
    "WatchSettings",
    "WebhookSettings",
    "beat",
    "notify",
    "open_sinks",
    "report_problems",
]
