"""What a Sigstore is, for its clients: the two files that a TUF repository delivers to them."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.sigstore._rekor import note_key_id

TRUSTED_ROOT = "trusted_root.json"
SIGNING_CONFIG = "signing_config.v0.2.json"
_ED25519_SPKI = 44  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """A log: where it is, its key (SPKI, DER), from when and until when it is trusted."""

    url: str
    spki: bytes
    start: datetime
    end: datetime | None = None

    @property
    def origin(self) -> str:
        return self.url.partition("//")[2].partition(":")[0]

    @property
    def log_id(self) -> bytes:
        if len(self.spki) == _ED25519_SPKI:
            return note_key_id(self.origin, self.spki)
        return hashlib.sha256(self.spki).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """Who issues certificates or timestamps; the chain (DER) ends with the root."""

    url: str
    chain: tuple[bytes, ...]
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """One Sigstore, with all that it ever had."""

    issuer: str
    authorities: tuple[Authority, ...]
    ct_logs: tuple[Log, ...]
    logs: tuple[Log, ...]
    stampers: tuple[Authority, ...]

    def trusted_root(self) -> bytes:
        """Return `trusted_root.json`: all, ended or not."""
        return _json(
            {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": [_log(each) for each in self.logs],
                "certificateAuthorities": [_authority(each) for each in self.authorities],
                "ctlogs": [_log(each) for each in self.ct_logs],
                "timestampAuthorities": [_authority(each) for each in self.stampers],
            }
        )

    def signing_config(self) -> bytes:
        """Return `signing_config.v0.2.json`: what has not ended."""
        start = self.authorities[0].start
        issuer = Authority(url=self.issuer, chain=(), start=start)
        return _json(
            {
                "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
                "caUrls": _services(self.authorities, 1),
                "oidcUrls": _services([issuer], 1),
                "rekorTlogUrls": _services(self.logs, 2),
                "tsaUrls": _services(self.stampers, 1),
                "rekorTlogConfig": {"selector": "ANY"},
                "tsaConfig": {"selector": "ANY"},
            }
        )

    def client_trust_config(self) -> bytes:
        """Return both in one file, as `--trust-config` takes them."""
        return _json(
            {
                "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
                "trustedRoot": json.loads(self.trusted_root()),
                "signingConfig": json.loads(self.signing_config()),
            }
        )


def an_hour_ago() -> datetime:
    """Return when what is made now is trusted from: clocks differ a little."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=59)


def _log(log: Log) -> dict[str, Any]:
    ed25519 = len(log.spki) == _ED25519_SPKI
    key = {
        "rawBytes": _b64(log.spki),
        "keyDetails": "PKIX_ED25519" if ed25519 else "PKIX_ECDSA_P256_SHA_256",
        "validFor": _span(log.start, log.end),
    }
    return {
        "baseUrl": log.url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": key,
        "logId": {"keyId": _b64(log.log_id)},
    }


def _authority(authority: Authority) -> dict[str, Any]:
    certificates = [{"rawBytes": _b64(each)} for each in authority.chain]
    return {
        "subject": {"organization": "local", "commonName": "local"},
        "uri": authority.url,
        "certChain": {"certificates": certificates},
        "validFor": _span(authority.start, authority.end),
    }


def _services(found: Sequence[Log | Authority], version: int) -> list[dict[str, Any]]:
    return [
        {
            "url": each.url,
            "majorApiVersion": version,
            "validFor": _span(each.start, None),
            "operator": "local",
        }
        for each in found
        if each.end is None
    ]


def _span(start: datetime, end: datetime | None) -> dict[str, str]:
    span = {"start": _time(start)}
    return span if end is None else {**span, "end": _time(end)}


def _time(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()
