"""A Sigstore in this process, all of it on one port: for machines without Go, and for quick tests.

with python_sigstore(folder) as sigstore:
    token = sigstore.token("alice@example.com")
    ...sigstore.instance.trusted_root()...
    sigstore.rotate_log()
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.sigstore._ct import CertificateLog
from tests.support.sigstore._fulcio import Fulcio
from tests.support.sigstore._http import Route, serving
from tests.support.sigstore._oidc import Issuer
from tests.support.sigstore._rekor import TransparencyLog
from tests.support.sigstore._trust import Authority, Instance, Log, an_hour_ago
from tests.support.sigstore._tsa import PATH, TimestampAuthority


@dataclass(kw_only=True)
class Sigstore:
    """A running Sigstore. `new_log` starts one more transparency log, on the host `localhost`."""

    instance: Instance
    issuer: Issuer
    new_log: Callable[[], Log]

    def token(self, email: str, **claims: str) -> str:
        """Return a token that says who signs. Our own Fulcio certifies a `workflow`, a URI, too."""
        return self.issuer.token(email, **claims)

    def rotate_log(self) -> None:
        """Start a second log with a key of its own, and end the first in a moment."""
        # Now would be before the signatures that a test made in this second.
        end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        (old,) = self.instance.logs
        self.instance = replace(self.instance, logs=(replace(old, end=end), self.new_log()))


@contextmanager
def python_sigstore(folder: Path) -> Iterator[Sigstore]:
    """Serve a new Sigstore until the end of the block."""
    issuer, ct_log = Issuer(), CertificateLog()
    fulcio, log = Fulcio(issuer, ct_log), TransparencyLog("127.0.0.1")
    stamper = TimestampAuthority(folder / "tsa")
    routes: dict[tuple[str, str], Route] = {**fulcio.routes, **log.routes, **stamper.routes}
    with ExitStack() as stack:
        issuer.url = stack.enter_context(serving(issuer.routes))
        url = stack.enter_context(serving(routes))
        start = an_hour_ago()
        instance = Instance(
            issuer=issuer.url,
            authorities=(Authority(url=url, chain=(fulcio.authority.der,), start=start),),
            ct_logs=(Log(url=f"{url}/ct", spki=ct_log.spki, start=start),),
            logs=(Log(url=url, spki=log.spki, start=start),),
            stampers=(Authority(url=f"{url}{PATH}", chain=stamper.chain, start=start),),
        )

        def new_log() -> Log:
            log = TransparencyLog("localhost")
            url = stack.enter_context(serving(log.routes)).replace("127.0.0.1", "localhost")
            return Log(url=url, spki=log.spki, start=an_hour_ago())

        yield Sigstore(instance=instance, issuer=issuer, new_log=new_log)
