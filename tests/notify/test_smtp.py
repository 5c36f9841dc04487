"""Mail, by real servers on loopback: with and without TLS, and all the ways in which they fail."""

from pathlib import Path

import pytest
from tests.support.mail_server import MailServer, mail_server, make_certificate
from tests.support.ports import free_port

from tufline.repository.notify import Kind, Notice, NotSent, Security
from tufline.repository.notify._smtp import Login, SmtpSink

PASSWORD = "secret-of-the-server"  # noqa: S105 - it opens nothing
LOGIN = Login(user="robot", password=PASSWORD)
PROBLEM = Notice(
    kind=Kind.PROBLEM,
    key="publish",
    title="publish failed",
    text="it fails since yesterday\n.\nnext: read the log",
    url="https://forge.example/run/7",
)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a certificate that this process trusts."""
    path = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def sink(port: int, security: str = "none", login: Login | None = None) -> SmtpSink:
    return SmtpSink(
        name="smtp 127.0.0.1",
        server="127.0.0.1",
        port=port,
        security=Security(security),
        login=login,
        sender="tufline@example.org",
        recipients=("alice@example.org", "bob@example.org"),
        repository="example/tuf",
        patience=0.3,
    )


def send(server: MailServer, notice: Notice = PROBLEM, login: Login | None = None) -> None:
    sink(server.port, server.security, login).send(notice)


def test_mail_says_it_all(certificate: Path) -> None:
    with mail_server(certificate) as server:
        send(server)

    (mail,) = server.mails
    assert (mail.sender, mail.recipients) == (
        "FROM:<tufline@example.org>",
        ("TO:<alice@example.org>", "TO:<bob@example.org>"),
    )
    assert mail.message["Subject"] == "[example/tuf] publish failed"
    assert mail.message["To"] == "alice@example.org, bob@example.org"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Date"].datetime.tzinfo is not None
    assert mail.message.get_content() == (
        "it fails since yesterday\n.\nnext: read the log\n\nhttps://forge.example/run/7\n"
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_login_and_mail_are_encrypted(security: str, certificate: Path) -> None:
    with mail_server(certificate, security=security) as server:
        send(server, login=LOGIN)

    (mail,) = server.mails
    assert (mail.login, mail.was_encrypted) == (("robot", PASSWORD), True)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_attack_server_without_a_trusted_certificate_gets_nothing(
    security: str, tmp_path: Path
) -> None:
    untrusted = make_certificate(tmp_path)
    with (
        mail_server(untrusted, security=security) as server,
        pytest.raises(NotSent, match="its certificate is not trusted"),
    ):
        send(server, login=LOGIN)

    assert server.mails == []
    assert not any("AUTH" in line.upper() for line in server.said)


def test_attack_server_that_offers_no_starttls_gets_nothing(certificate: Path) -> None:
    with mail_server(certificate) as server, pytest.raises(NotSent, match="does not offer the TLS"):
        sink(server.port, "starttls", LOGIN).send(PROBLEM)

    assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.said)


@pytest.mark.parametrize(
    "title", ["x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org\n\nbody", "x\u2028y", "ä ö €"]
)
def test_attack_title_makes_no_header(title: str, certificate: Path) -> None:
    notice = Notice(kind=Kind.PROBLEM, key="x", title=title, text="\r\n.\r\nMAIL FROM:<eve>")
    with mail_server(certificate) as server:
        send(server, notice)

    (mail,) = server.mails
    assert mail.recipients == ("TO:<alice@example.org>", "TO:<bob@example.org>")
    assert "Bcc" not in mail.message
    subject = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in title
    )
    assert mail.message["Subject"] == f"[example/tuf] {subject}"
    assert mail.message.get_content() == ".\nMAIL FROM:<eve>\n"


@pytest.mark.parametrize(
    ("command", "answer", "words"),
    [
        ("CONNECT", "421 busy", "the server answered with SMTP status 421"),
        ("CONNECT", None, "the connection failed or broke"),
        ("CONNECT", "", "no answer in time"),
        ("AUTH", f"535 no: {PASSWORD}", "the server does not accept the user and password"),
        ("MAIL", f"451 {PASSWORD}", "the server answered with SMTP status 451"),
        ("RCPT", f"550 {PASSWORD}", "the server refuses all recipients"),
        ("DATA", None, "the connection failed or broke"),
        ("DATA", "", "no answer in time"),
        ("END", "554 spam", "the server answered with SMTP status 554"),
        ("END", None, "the connection failed or broke"),
        ("END", "", "no answer in time"),
    ],
)
def test_failure_is_named_without_what_the_server_says(
    command: str, answer: str | None, words: str, certificate: Path
) -> None:
    with (
        mail_server(certificate, security="tls", answers={command: answer}) as server,
        pytest.raises(NotSent) as caught,
    ):
        send(server, login=LOGIN)

    assert str(caught.value) == f"smtp 127.0.0.1: {words}"
    assert caught.value.__suppress_context__


def test_recipient_that_is_refused_is_named_though_the_others_got_it(certificate: Path) -> None:
    with (
        mail_server(certificate, answers={"RCPT TO:<bob@example.org>": "550 unknown"}) as server,
        pytest.raises(NotSent, match=r"the server refuses bob@example\.org$"),
    ):
        send(server)

    assert len(server.mails) == 1


def test_nobody_listens() -> None:
    port = free_port()

    with pytest.raises(NotSent, match="nobody listens there"):
        sink(port).send(PROBLEM)


def test_no_secret_in_the_repr_of_a_sink() -> None:
    assert PASSWORD not in repr(sink(1, login=LOGIN))
