"""The two messages as types, stricter than protobuf's JSON: what is misspelt is refused.

Clients skip members that they do not know, so that a misspelt one is silently absent for them.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from tufline.repository.format import InvalidJson, parse_json

_URL = re.compile(r"https?://[!-~]+")


class Broken(Exception):
    """The file is not the message that it should be. Holds the problems."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _decoded(value: object) -> bytes:
    try:
        found = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError) as error:  # the latter: not ASCII
        raise ValueError("is not base64") from error
    if not found:
        raise ValueError("is not base64 of anything")
    return found


def _time(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("is not a time such as 2026-01-31T00:00:00Z")  # noqa: TRY004 - pydantic's
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("is not a time such as 2026-01-31T00:00:00Z") from error
    if found.tzinfo is None or "T" not in value:
        raise ValueError("is not a time such as 2026-01-31T00:00:00Z")
    return found


def _url(value: object) -> object:
    if isinstance(value, str) and _URL.fullmatch(value):
        return value
    raise ValueError("is not a URL such as https://rekor.example.com")


Base64 = Annotated[bytes, BeforeValidator(_decoded)]
Time = Annotated[datetime, BeforeValidator(_time)]
Url = Annotated[str, BeforeValidator(_url)]


class Message(BaseModel):
    """A message of the specification, in JSON with names in camel case."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, strict=True, populate_by_name=False
    )


class TimeRange(Message):
    """From when to when, inclusive; no end means until further notice."""

    start: Time
    end: Time | None = None


class PublicKey(Message):
    """A key of a log. Its form is in `key_details`."""

    raw_bytes: Base64
    key_details: str
    valid_for: TimeRange


class LogId(Message):
    """The digest by which bundles name a log."""

    key_id: Base64


class TransparencyLog(Message):
    """A transparency log, or a log of certificates."""

    base_url: Url
    hash_algorithm: Literal["SHA2_256", "SHA2_384", "SHA2_512"]
    public_key: PublicKey
    log_id: LogId
    checkpoint_key_id: LogId | None = None
    operator: str | None = None


class Certificate(Message):
    """An X.509 certificate, DER."""

    raw_bytes: Base64


class CertificateChain(Message):
    """Certificates, the leaf first, the root last."""

    certificates: tuple[Certificate, ...] = Field(min_length=1)


class Subject(Message):
    """Whose certificate it is."""

    organization: str
    common_name: str


class Authority(Message):
    """Who issues certificates or timestamps."""

    subject: Subject
    uri: Url
    cert_chain: CertificateChain
    valid_for: TimeRange
    operator: str | None = None


class TrustedRoot(Message):
    """Whom clients trust."""

    media_type: Literal[
        "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "application/vnd.dev.sigstore.trustedroot.v0.2+json",
    ]
    tlogs: tuple[TransparencyLog, ...] = Field(min_length=1)
    certificate_authorities: tuple[Authority, ...] = Field(min_length=1)
    ctlogs: tuple[TransparencyLog, ...] = Field(min_length=1)
    timestamp_authorities: tuple[Authority, ...] = ()


class Service(Message):
    """Where clients that sign turn to."""

    url: Url
    major_api_version: int = Field(ge=1)
    valid_for: TimeRange
    operator: str


class ServiceConfig(Message):
    """How many of the services of a kind clients use."""

    selector: Literal["ALL", "ANY", "EXACT"]
    count: int | None = Field(default=None, ge=1)


class SigningConfig(Message):
    """Where clients sign."""

    media_type: Literal["application/vnd.dev.sigstore.signingconfig.v0.2+json"]
    ca_urls: tuple[Service, ...] = Field(min_length=1)
    oidc_urls: tuple[Service, ...] = ()
    rekor_tlog_urls: tuple[Service, ...] = Field(min_length=1)
    rekor_tlog_config: ServiceConfig
    tsa_urls: tuple[Service, ...] = ()
    tsa_config: ServiceConfig | None = None


AnyMessage = TypeVar("AnyMessage", bound=Message)


def parse(kind: type[AnyMessage], data: bytes) -> AnyMessage:
    """Return the message; raise `Broken` with a problem for each wrong member."""
    try:
        parse_json(data)  # two readers would understand what it refuses differently
        return kind.model_validate_json(data)
    except InvalidJson as error:
        raise Broken((f"the file is {error}; write it anew",)) from error
    except ValidationError as error:
        raise Broken(tuple(map(_sentence, error.errors(include_url=False)))) from error


def _sentence(error: Mapping[str, Any]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
    place = path.removeprefix(".") or "the file"
    if error["type"] == "extra_forbidden":
        return f"{place} is no member that clients know; correct its name, or remove it"
    if error["type"] == "missing":
        return f"{place} is missing; add it"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}; correct it"
