"""A Sigstore that is pinned: the two files by which a repository delivers it to its clients."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tufline.repository.errors import UserError
from tufline.repository.format import artifact_path
from tufline.repository.state import State

if TYPE_CHECKING:
    from sigstore.models import ClientTrustConfig

TRUSTED_ROOT: Final = "trusted_root.json"
SIGNING_CONFIG: Final = "signing_config.v0.2.json"
_MEDIA_TYPE: Final = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
_SERVICES: Final = ("caUrls", "rekorTlogUrls", "tsaUrls")


class NoPinnedTrust(UserError):
    """The repository does not deliver what a Sigstore signer needs."""

    hint = "add trusted_root.json and signing_config.v0.2.json by a signing event first"

    def __init__(self, artifact: str) -> None:
        super().__init__(f"main has no artifact {artifact}")


@dataclass(frozen=True, kw_only=True)
class PinnedTrust:
    """The two files of a Sigstore instance."""

    trusted_root: bytes
    signing_config: bytes

    @cached_property
    def config(self) -> "ClientTrustConfig":
        """Both, as sigstore-python takes them. Raise its errors where they are not sound."""
        from sigstore.models import ClientTrustConfig  # noqa: PLC0415 - an extra, slow to import

        both = {
            "mediaType": _MEDIA_TYPE,
            "trustedRoot": json.loads(self.trusted_root),
            "signingConfig": json.loads(self.signing_config),
        }
        return ClientTrustConfig.from_json(json.dumps(both))

    @property
    def provider(self) -> str | None:
        """The URL where people log in to sign, if the instance names one that is valid now."""
        from sigstore.errors import Error  # noqa: PLC0415 - an extra, slow to import

        try:
            return str(self.config.signing_config.get_oidc_url())
        except Error:
            return None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The machines that may be asked when something is signed, each once."""
        stated: dict[str, Any] = json.loads(self.signing_config)
        services = (each for name in _SERVICES for each in stated.get(name, ()))
        return tuple(dict.fromkeys(urlsplit(each["url"]).netloc for each in services))


def pinned_trust(known_good: State, folder: str = "") -> PinnedTrust:
    """Return what known good delivers in a folder of artifacts; raise `NoPinnedTrust`."""
    found = {}
    for name in (TRUSTED_ROOT, SIGNING_CONFIG):
        artifact = f"{folder}/{name}" if folder else name
        data = known_good.read(artifact_path(artifact))
        if data is None:
            raise NoPinnedTrust(artifact)
        found[name] = data
    return PinnedTrust(trusted_root=found[TRUSTED_ROOT], signing_config=found[SIGNING_CONFIG])
