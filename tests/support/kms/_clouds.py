"""All services that hold online keys, on loopback, behind one proxy; and how clients find them.

with clouds(folder) as made:
    arn = made.aws.add("online")
    subprocess.run(..., env={**os.environ, **made.environment})
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.kms import _aws, _azure, _gcp, _vault
from tests.support.kms._authority import Authority
from tests.support.kms._https import https_service
from tests.support.kms._proxy import Proxy, proxy

_GCP: Final = f"{_gcp.HOST}:443"
_HOSTS: Final = (_aws.HOST, _azure.HOST, _gcp.HOST, _vault.HOST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clouds:
    """The services, and the variables of a process that may use them."""

    aws: _aws.AwsKms
    azure: _azure.AzureVault
    gcp: _gcp.GcpKms
    vault: _vault.VaultTransit
    proxy: Proxy
    environment: Mapping[str, str]


@contextmanager
def clouds(folder: Path) -> Iterator[Clouds]:
    """Serve until the end of the block; certificates and credentials go to `folder`."""
    authority, account = Authority(folder), _gcp.ServiceAccount()
    account.write(folder / "account.json")
    context = authority.server_context(_HOSTS)
    identity = _azure.ManagedIdentity()
    with ExitStack() as stack:
        made = stack.enter_context(proxy({}))
        aws, azure, vault = _aws.AwsKms(), _azure.AzureVault(identity), _vault.VaultTransit()
        gcp = _gcp.GcpKms(account, lambda: made.cut(_GCP))
        services = {
            f"{_aws.HOST}:443": https_service(aws.respond, context),
            f"{_azure.HOST}:443": https_service(azure.respond, context),
            f"{_vault.HOST}:{_vault.PORT}": https_service(vault.respond, context),
            _GCP: gcp.serve(authority.identity(_HOSTS)),
        }
        made.routes.update({host: stack.enter_context(each) for host, each in services.items()})
        _, port = stack.enter_context(https_service(identity.respond, None))
        variables = {
            **_network(made, authority.file),
            **_credentials(folder / "account.json", vault),
            "IDENTITY_ENDPOINT": f"http://127.0.0.1:{port}/token",
            "IDENTITY_HEADER": identity.header,
        }
        yield Clouds(aws=aws, azure=azure, gcp=gcp, vault=vault, proxy=made, environment=variables)


def _network(made: Proxy, authority: Path) -> Mapping[str, str]:
    """Return what sends every library through the proxy, and what it trusts there."""
    trusted = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")
    return {
        **dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), made.url),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1"),
        **dict.fromkeys(trusted, str(authority)),
    }


def _credentials(account: Path, vault: _vault.VaultTransit) -> Mapping[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": _aws.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": _aws.SECRET_KEY,
        "AWS_DEFAULT_REGION": _aws.REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",  # so that what is tried again is tried again by us
        "GOOGLE_APPLICATION_CREDENTIALS": str(account),
        "NO_GCE_CHECK": "true",
        "VAULT_ADDR": f"https://{_vault.HOST}:{_vault.PORT}",
        "VAULT_TOKEN": vault.token,
    }
