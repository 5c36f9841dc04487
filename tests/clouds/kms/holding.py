"""Online keys of every kind, and what their services say of faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from securesystemslib.signer import CryptoSigner, Key
from tests.support.kms import Clouds, Fault, Faults, OnlineRepository, SigningHost
from tests.support.sample import keyid_of

SERVICES: Final = ("awskms", "azurekms", "gcpkms", "hv")
KINDS: Final = (*SERVICES, "hsm", "file2")
VAULT: Final = "tests"
URI: Final = "x-tuf-on-ci-online-uri"

SAID: Final[Mapping[tuple[str, Fault], str]] = {
    ("awskms", Fault.DENIED): "AccessDeniedException",
    ("azurekms", Fault.DENIED): "Caller is not authorized to perform action on resource",
    ("gcpkms", Fault.DENIED): "403 Permission 'cloudkms.cryptoKeyVersions.useToSign' denied",
    ("hv", Fault.DENIED): "permission denied",
    ("awskms", Fault.DISABLED): "is disabled",
    ("azurekms", Fault.DISABLED): "Operation sign is not allowed on a disabled key",
    ("gcpkms", Fault.DISABLED): "is not enabled, current state is: DESTROYED",
    ("hv", Fault.DISABLED): "version is too old",
    ("awskms", Fault.THROTTLED): "ThrottlingException",
    ("azurekms", Fault.THROTTLED): "too many requests",
    ("gcpkms", Fault.THROTTLED): "429 Quota exceeded",
    ("hv", Fault.THROTTLED): "rate limit quota exceeded",
    ("awskms", Fault.FAILED): "KMSInternalException",
    ("azurekms", Fault.FAILED): "An internal error occurred",
    ("gcpkms", Fault.FAILED): "500 internal error",
    ("hv", Fault.FAILED): "internal error",
}
"""What an error must quote of each service's own words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """A key as it was imported; `faults` does nothing where there is no service."""

    kind: str
    key: Key
    faults: Faults = field(default_factory=Faults)

    @property
    def uri(self) -> str:
        return str(self.key.unrecognized_fields[URI])


class Open(Protocol):
    """Makes a repository with these keys for snapshot and timestamp, or another for the latter."""

    def __call__(
        self, *holdings: Holding, timestamp: Holding | None = None
    ) -> OnlineRepository: ...


class Keys:
    """A key of each kind, imported over the wire when it is first asked for.

    Each test has its own. Libraries go on for minutes with calls that nobody waits for any more,
    and must not use up what another test plans.
    """

    def __init__(self, services: Clouds, host: SigningHost, name: str) -> None:
        self._services = services
        self._host = host
        self._name = name
        self._made: dict[str, Holding] = {}

    def __getitem__(self, kind: str) -> Holding:
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def _make(self, kind: str) -> Holding:
        if kind == "file2":
            return _file(self._host, self._name)
        arguments, faults = self._in_service(kind)
        return Holding(kind=kind, key=self._host.import_key(kind, *arguments), faults=faults)

    def _in_service(self, kind: str) -> tuple[tuple[str, ...], Faults]:
        """Make a key; return what its library imports it by, and its faults."""
        services, name = self._services, self._name
        match kind:
            case "awskms":
                arn = services.aws.add(name)
                return (arn,), services.aws.keys[arn].faults
            case "azurekms":
                services.azure.add(name)
                return (VAULT, name), services.azure.keys[name].faults
            case "gcpkms":
                version = services.gcp.add(name)
                return (version,), services.gcp.keys[version].faults
            case "hv":
                services.vault.add(name)
                return (name,), services.vault.keys[name].faults
            case _:
                return (), Faults()


def moved_to(holding: Holding, uri: str) -> Holding:
    """Return the same public key under another URI."""
    key = Key.from_dict("unknown", {**holding.key.to_dict(), URI: uri})
    key.keyid = keyid_of(key)
    return Holding(kind=holding.kind, key=key, faults=holding.faults)


def _file(host: SigningHost, name: str) -> Holding:
    signer = CryptoSigner.generate_ed25519()
    (host.folder / name).write_bytes(signer.private_bytes)
    return moved_to(Holding(kind="file2", key=signer.public_key), f"file2:{name}")
