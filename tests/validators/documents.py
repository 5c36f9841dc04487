"""Sound files of a Sigstore that never ran, and ways to spoil them."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.support.sigstore._certificates import new_authority, new_time_stamper, spki
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT, Authority, Instance, Log

from tufline.repository.validators import Subject
from tufline.repository.validators.sigstore import (
    validate_signing_config,
    validate_trusted_root,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = NOW - timedelta(days=300)
MADE = START - timedelta(days=10)
ENDED = NOW - timedelta(days=100)


@cache
def instance() -> Instance:
    """Return a Sigstore whose first log has ended, after the second began."""
    root = new_authority("tsa", start=MADE)
    fulcio, stamper = new_authority("fulcio", start=MADE), new_time_stamper(root, start=MADE)
    ct_key = spki(generate_private_key(SECP256R1()).public_key())
    url = "https://{}.example.org"
    return Instance(
        issuer=url.format("oauth"),
        authorities=(Authority(url=url.format("fulcio"), chain=(fulcio.der,), start=START),),
        ct_logs=(Log(url=url.format("ct") + "/2026", spki=ct_key, start=START),),
        logs=(
            Log(url=url.format("log1"), spki=_ed25519(), start=START, end=ENDED),
            Log(url=url.format("log2"), spki=_ed25519(), start=ENDED - timedelta(days=9)),
        ),
        stampers=(
            Authority(
                url=url.format("tsa") + "/api/v1/timestamp",
                chain=(stamper.der, root.der),
                start=START,
            ),
        ),
    )


def _ed25519() -> bytes:
    public = Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def spoilt(data: bytes, change: Callable[[Any], object]) -> bytes:
    """Return the file with `change` applied to its JSON."""
    tree = json.loads(data)
    change(tree)
    return json.dumps(tree).encode()


def root_problems(
    change: Callable[[Any], object] = lambda _: None,
    *,
    before: bytes | None = None,
    files: Mapping[str, bytes] | None = None,
    now: datetime = NOW,
) -> tuple[str, ...]:
    """Return what the validator says of the trusted root with `change` applied."""
    data = spoilt(instance().trusted_root(), change)
    subject = Subject(
        artifact=TRUSTED_ROOT, data=data, now=now, before=before, siblings=files or {}
    )
    return validate_trusted_root(subject)


def config_problems(
    change: Callable[[Any], object] = lambda _: None,
    *,
    root: Callable[[Any], object] | None = lambda _: None,
    now: datetime = NOW,
) -> tuple[str, ...]:
    """Return what the validator says of the signing configuration beside the trusted root."""
    beside = {TRUSTED_ROOT: spoilt(instance().trusted_root(), root)} if root else {}
    data = spoilt(instance().signing_config(), change)
    subject = Subject(artifact=SIGNING_CONFIG, data=data, now=now, siblings=beside)
    return validate_signing_config(subject)


def put(*path: str | int, value: object) -> Callable[[Any], object]:
    """Return the change that sets one member."""

    def change(tree: Any) -> None:  # noqa: ANN401 - JSON
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = value

    return change
