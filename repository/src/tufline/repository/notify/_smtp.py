"""Mail, by a server that takes it from us."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from tufline.repository.notify._interface import Notice, NotSent
from tufline.repository.notify._settings import Security
from tufline.repository.notify._words import subject_of, text_of

_REASONS: Final[Mapping[type[Exception], str]] = {
    smtplib.SMTPNotSupportedError: "the server does not offer the TLS or login that is set",
    smtplib.SMTPAuthenticationError: "the server does not accept the user and password",
    smtplib.SMTPRecipientsRefused: "the server refuses all recipients",
    ssl.SSLError: "its certificate is not trusted, or it does not speak TLS",
    TimeoutError: "no answer in time",
    ConnectionRefusedError: "nobody listens there",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """How a server knows us."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpSink:
    """Sends each notice as one mail (`Sink`).

    `patience` is how long to wait for each answer of the server, in seconds.
    """

    name: str
    server: str
    port: int
    security: Security
    login: Login | None
    sender: str
    recipients: tuple[str, ...]
    repository: str
    patience: float = 5

    def send(self, notice: Notice) -> None:
        """Hand the mail over; part of the recipients is not enough."""
        mail = self._mail(notice)
        try:
            with self._connected() as server:
                refused = server.send_message(mail)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(self.name, _reason(error)) from None
        if refused:
            raise NotSent(self.name, f"the server refuses {', '.join(sorted(refused))}")

    def _mail(self, notice: Notice) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.recipients)
        mail["Subject"] = subject_of(notice, self.repository)
        mail["Date"] = format_datetime(datetime.now(UTC))  # when it is sent, whatever it tells of
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note answers it
        text = "\n\n".join(filter(None, [text_of(notice), notice.url]))
        mail.set_content(f"{text}\n")
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        place = (self.server, self.port)
        if self.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=self.patience, context=context)
        else:
            server = smtplib.SMTP(*place, timeout=self.patience)
        with server:
            if self.security is Security.STARTTLS:
                server.starttls(context=context)
            if self.login:
                server.login(self.login.user, self.login.password)
            yield server


def _reason(error: smtplib.SMTPException | OSError) -> str:
    """Return what went wrong, without the server's words: they may repeat what it was told."""
    # smtplib raises its own error while it handles that of the socket, such as a time-out
    met = (error, error.__context__)
    for kind, words in _REASONS.items():
        if any(isinstance(each, kind) for each in met):
            return words
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered with SMTP status {error.smtp_code}"
    return "the connection failed or broke"
