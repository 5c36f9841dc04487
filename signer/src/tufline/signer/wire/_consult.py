"""Ask what clients get, compare main with it, remember what was seen. All but the words."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from tufline.repository.review import KeyVerifier
from tufline.repository.state import State
from tufline.signer.wire._client import Address, NotVerified, WireClient
from tufline.signer.wire._comparison import Comparison, compare, compare_roots, digest_of, unclear
from tufline.signer.wire._errors import WireRefused
from tufline.signer.wire._pin import Pin, PinFolder
from tufline.signer.wire._published import Published


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultation:
    """How main compares with what clients get.

    Attributes:
        pin: what is pinned now.
    """

    comparison: Comparison
    published: Published
    pin: Pin


def consult(
    client: WireClient, folder: PinFolder, pin: Pin, base: State, *, now: datetime
) -> Consultation:
    """Compare main with what a client gets; the pin goes on to the newest root.

    Raises `WireUnreachable`, and `WireRefused` where clients that hold the pinned root would stop;
    nothing that is pinned changes then.
    """
    address = client.address
    try:
        answer = client.refresh(pin, folder.seen(), now=now)
    except NotVerified as refusal:
        raise _refused(refusal, address, pin, base) from refusal
    published = answer.published
    root = published.roots[published.newest_root]
    pin = replace(pin, version=published.newest_root, root=root, url=address.url)
    folder.write(pin, answer.seen)
    if roles := unclear(base, published):
        contents = {**published.contents, **client.contents(published, roles)}
        published = replace(published, contents=contents)
    comparison = compare(base, published, client.verifier)
    return Consultation(comparison=comparison, published=published, pin=pin)


def compare_with_pin(pin: Pin, base: State, verifier: KeyVerifier) -> Comparison:
    """Compare main's roots with the pinned one alone, without any network."""
    return compare_roots(base, {pin.version: pin.root}, verifier)


def _refused(refusal: NotVerified, address: Address, pin: Pin, base: State) -> WireRefused:
    data = refusal.data
    return WireRefused(
        address.url,
        pin.version,
        refusal.role,
        str(refusal),
        main=digest_of(base, refusal.role, refusal.version),
        wire=None if data is None else hashlib.sha256(data).hexdigest(),
    )
