"""The same Sigstore made of the real services: Fulcio, Rekor v2 and the timestamp authority.

Fulcio and the timestamp authority serve figures about themselves on every interface, so both run
in a network namespace of their own. The log of certificates is ours.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.support.ports import free_ports
from tests.support.sigstore._certificates import Holder, new_authority
from tests.support.sigstore._ct import CertificateLog
from tests.support.sigstore._http import serving
from tests.support.sigstore._oidc import Issuer
from tests.support.sigstore._python import Sigstore
from tests.support.sigstore._relay import relaying
from tests.support.sigstore._trust import Authority, Instance, Log, an_hour_ago
from tests.support.sigstore._tsa import PATH

_TOOLS = "TUFLINE_SIGSTORE"
_HERE = Path(__file__).parents[3]
_PATIENCE = 60  # seconds
# In the namespace, where nobody else is.
_FULCIO, _STAMPER, _FULCIO_GRPC, _FULCIO_METRICS = 5555, 3004, 5554, 2113
_PASSWORD = b"local"

# JSON with these names is YAML too, but Fulcio would read it as its older JSON form.
_FULCIO_CONFIG = """\
oidc-issuers:
  {issuer}:
    issuer-url: {issuer}
    client-id: sigstore
    type: email
"""


class DidNotStart(Exception):
    """A service does not answer. Holds what it printed."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Where `bin/install-sigstore` put things."""

    folder: Path

    @property
    def services(self) -> Mapping[str, Path]:
        found = self.folder / "bin"
        return {
            "fulcio": found / "fulcio",
            "rekor": found / "rekor" / "posix",
            "timestamp-server": found / "timestamp-server",
        }

    def missing(self) -> str | None:
        """Return why the services cannot be run; None if they can."""
        if shutil.which("unshare") is None:
            return "no unshare, which keeps servers off the network"
        absent = [name for name, path in self.services.items() if not path.is_file()]
        return f"no {', '.join(absent)}: run bin/install-sigstore" if absent else None


def tools() -> Tools:
    """Return the tools: those of this work tree, or where `TUFLINE_SIGSTORE` says."""
    return Tools(Path(os.environ.get(_TOOLS, _HERE / ".tools" / "sigstore")))


@contextmanager
def go_sigstore(folder: Path) -> Iterator[Sigstore]:
    """Run a new Sigstore until the end of the block."""
    services, issuer, ct_log = tools().services, Issuer(), CertificateLog()
    fulcio = new_authority("fulcio", usage=ExtendedKeyUsageOID.CODE_SIGNING)
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        issuer.url = stack.enter_context(serving(issuer.routes))
        ct_url = stack.enter_context(serving(ct_log.routes))
        _write_fulcio_files(folder, fulcio, ct_log, issuer.url)
        ca_url, stamper_url = stack.enter_context(
            _jailed(folder, services, outward=[issuer.url, ct_url], ct_url=ct_url)
        )

        def rekor(host: str) -> Log:
            return stack.enter_context(_rekor(folder / host, services["rekor"], host))

        start = an_hour_ago()
        instance = Instance(
            issuer=issuer.url,
            authorities=(Authority(url=ca_url, chain=(fulcio.der,), start=start),),
            ct_logs=(Log(url=ct_url, spki=ct_log.spki, start=start),),
            logs=(rekor("127.0.0.1"),),
            stampers=(_stamper(stamper_url),),
        )
        yield Sigstore(instance=instance, issuer=issuer, new_log=lambda: rekor("localhost"))


def _write_fulcio_files(folder: Path, ca: Holder, ct_log: CertificateLog, issuer: str) -> None:
    key = ca.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_PASSWORD)
    )
    (folder / "ca.key").write_bytes(key)
    (folder / "ca.pem").write_text(ca.pem)
    ct_key = ct_log.key.public_key()
    spki_pem = ct_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "ct.pub").write_bytes(spki_pem)
    (folder / "fulcio.yaml").write_text(_FULCIO_CONFIG.format(issuer=issuer))


@contextmanager
def _jailed(
    folder: Path, services: Mapping[str, Path], *, outward: Sequence[str], ct_url: str
) -> Iterator[tuple[str, str]]:
    """Run what listens on every interface; give the URLs of Fulcio and of the stamper."""
    ports = {url.rpartition(":")[2]: folder / f"out{at}" for at, url in enumerate(outward)}
    sockets = {folder / "fulcio.sock": _FULCIO, folder / "stamper.sock": _STAMPER}
    plan = {
        "commands": [
            _fulcio_command(folder, services["fulcio"], ct_url),
            _stamper_command(services),
        ],
        "inward": {str(path): port for path, port in sockets.items()},
        "outward": {port: str(path) for port, path in ports.items()},
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    command = ["unshare", "-rn", sys.executable, "-m", "tests.support.sigstore._jail"]
    with ExitStack() as stack:
        for port, path in ports.items():
            stack.enter_context(relaying(path, int(port)))
        reached = [stack.enter_context(relaying(0, path)) for path in sockets]
        urls = [f"http://127.0.0.1:{port}" for port in reached]
        stack.enter_context(_running([*command, str(folder / "plan.json")], folder / "jail.log"))
        for url, health in zip(urls, ("/healthz", "/ping"), strict=True):
            _wait_for(url + health, folder / "jail.log")
        yield urls[0], urls[1]


def _fulcio_command(folder: Path, program: Path, ct_url: str) -> list[str]:
    return [
        *(str(program), "serve", "--host", "127.0.0.1", "--port", str(_FULCIO)),
        *("--grpc-host", "127.0.0.1", "--grpc-port", str(_FULCIO_GRPC)),
        *("--metrics-port", str(_FULCIO_METRICS), "--ca", "fileca", "--fileca-watch=false"),
        *("--fileca-cert", str(folder / "ca.pem"), "--fileca-key", str(folder / "ca.key")),
        *("--fileca-key-passwd", _PASSWORD.decode()),
        *("--config-path", str(folder / "fulcio.yaml"), "--ct-log-url", ct_url),
        *("--ct-log-public-key-path", str(folder / "ct.pub")),
        *("--legacy-unix-domain-socket", f"@tufline-{os.getpid()}"),
    ]


def _stamper_command(services: Mapping[str, Path]) -> list[str]:
    return [
        *(str(services["timestamp-server"]), "serve", "--host", "127.0.0.1"),
        *("--port", str(_STAMPER), "--timestamp-signer", "memory", "--disable-ntp-monitoring"),
    ]


def _stamper(url: str) -> Authority:
    with urllib.request.urlopen(f"{url}/api/v1/timestamp/certchain", timeout=10) as answer:  # noqa: S310 - our own server
        chain = x509.load_pem_x509_certificates(answer.read())
    ders = tuple(each.public_bytes(Encoding.DER) for each in chain)
    start = max(each.not_valid_before_utc for each in chain)
    return Authority(url=url + PATH, chain=ders, start=start)


@contextmanager
def _rekor(folder: Path, program: Path, host: str) -> Iterator[Log]:
    """Run a log with a new key, which clients know by the name of its host."""
    folder.mkdir()
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "rekor.key").write_bytes(pem)
    http, grpc, metrics = free_ports(3)
    command = [
        *(str(program), "serve", "--hostname", host, "--http-address", "127.0.0.1"),
        *("--http-port", str(http), "--grpc-address", "127.0.0.1", "--grpc-port", str(grpc)),
        *("--http-metrics-port", str(metrics), "--storage-dir", str(folder / "log")),
        *("--signer-filepath", str(folder / "rekor.key")),
        *("--checkpoint-interval", "1s", "--batch-max-age", "100ms"),
    ]
    url = f"http://{host}:{http}"
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with _running(command, folder / "rekor.log"):
        _wait_for(f"http://127.0.0.1:{http}/healthz", folder / "rekor.log")
        yield Log(url=url, spki=public, start=an_hour_ago())


@contextmanager
def _running(command: Sequence[str], log: Path) -> Iterator[None]:
    """Run a program until the end of the block; it is asked to end by the end of its input."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=_HERE, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            if process.stdin is not None:
                process.stdin.close()
            if command[0] != "unshare":  # which ends when its input does, and ends its servers
                process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()
            process.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own
            return
        time.sleep(0.1)
    raise DidNotStart(f"{url}: {log.read_text(errors='replace')[-2000:]}")
