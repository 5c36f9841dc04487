"""A mail server on loopback (RFC 5321, STARTTLS, AUTH PLAIN), and a certificate for it.

    certificate = make_certificate(tmp_path)     # trusted through SSL_CERT_FILE
    with mail_server(certificate, security="starttls") as server:
        ...send to 127.0.0.1, server.port...
    assert server.mails[0].message["Subject"] == "..."

`answers` replaces the answer to a command, `{"RCPT": "550 no such user"}`, or to one with these
arguments, `{"RCPT TO:<bob@example.org>": ...}`; None closes the connection, "" never answers.
"""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

_USUAL = {"STARTTLS": "220 go on", "AUTH": "235 welcome", "DATA": "354 go on", "QUIT": "221 bye"}


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    recipients: tuple[str, ...]
    login: tuple[str, str] | None
    message: EmailMessage
    was_encrypted: bool


@dataclass(kw_only=True)
class MailServer:
    """What a server got, and how it answers."""

    security: str = "none"
    answers: Mapping[str, str | None] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    mails: list[Mail] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    port: int = 0


def make_certificate(folder: Path) -> Path:
    """Write a self-signed certificate of 127.0.0.1, with its key, into one file."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


@contextmanager
def mail_server(
    certificate: Path,
    *,
    security: str = "none",
    answers: Mapping[str, str | None] | None = None,
) -> Iterator[MailServer]:
    """Serve on a free port until the end of the block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    told = MailServer(security=security, answers=answers or {}, context=context)

    class Handler(_Session):
        server_told = told

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            told.stopped.set()
            server.shutdown()
            thread.join()


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    server_told: MailServer

    def handle(self) -> None:
        self._encrypted = False
        self._login: tuple[str, str] | None = None
        self._begin()
        with suppress(OSError):  # a client that gives up, or does not trust us
            if self.server_told.security == "tls":
                self._encrypt()
            self._serve()
        with suppress(OSError):
            self.request.close()

    def _begin(self) -> None:
        self._sender, self._recipients = "", list[str]()

    def _encrypt(self) -> None:
        assert self.server_told.context is not None
        self.request = self.server_told.context.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self._encrypted = True

    def _serve(self) -> None:
        going_on = self._answer("CONNECT", "220 ready")
        while going_on and (line := self.rfile.readline()):
            text = line.decode().strip()
            self.server_told.said.append(text)
            going_on = self._command(text)

    def _command(self, text: str) -> bool:
        """Answer one command; return whether the connection goes on."""
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        if verb == "MAIL":
            self._sender = argument
        elif verb == "RCPT":
            self._recipients.append(argument)
        elif verb == "AUTH":
            _, user, password = base64.b64decode(argument.split()[1]).decode().split("\0")
            self._login = (user, password)
        usual = self._greeting() if verb == "EHLO" else _USUAL.get(verb, "250 ok")
        key = verb if verb in self.server_told.answers else f"{verb} {argument}"
        going_on = self._answer(key, usual) and verb != "QUIT"
        if verb == "STARTTLS" and going_on:
            self._encrypt()
        return self._take() if verb == "DATA" and going_on else going_on

    def _greeting(self) -> str:
        offers = ["AUTH PLAIN"]
        if self.server_told.security == "starttls" and not self._encrypted:
            offers = ["STARTTLS"]
        return "\r\n".join(["250-hello", *(f"250 {each}" for each in offers)])

    def _take(self) -> bool:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        data = b"".join(line.removeprefix(b".") for line in lines)
        message = message_from_bytes(data.replace(b"\r\n", b"\n"), policy=policy.default)
        mail = Mail(self._sender, tuple(self._recipients), self._login, message, self._encrypted)
        self.server_told.mails.append(mail)
        return self._answer("END", "250 taken")

    def _answer(self, command: str, usual: str) -> bool:
        said = self.server_told.answers.get(command, usual)
        if said == "":
            self.server_told.stopped.wait()
        if not said:
            return False
        self.request.sendall(f"{said}\r\n".encode())
        return True
