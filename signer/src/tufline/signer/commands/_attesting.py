"""The attestation of a new key, which goes with it where the token gives one."""

from datetime import datetime

from securesystemslib.signer import Key

from tufline.repository.attestation import Attested, Claims
from tufline.repository.commands import spelled
from tufline.repository.errors import TuflineError
from tufline.repository.format import Attestation
from tufline.repository.jobs import Event
from tufline.repository.report import as_text, device_words
from tufline.repository.review import judge_attestation, vendors_of
from tufline.signer.commands._screen import say, wrapped
from tufline.signer.keys import Keys


def attestation_to_give(keys: Keys, key: Key, event: Event, *, now: datetime) -> Attestation | None:
    """Return what the token says of a new key, after telling that it goes along; None if nothing.

    One that review would refuse stays at home, and that is told: the key can do without.
    """
    try:
        found = keys.attestation(key)
        if found is None:
            return None
        vendors = vendors_of(event.known_good, event.settings.policy)
        origin = judge_attestation(found, key, vendors=vendors, now=now)
    except TuflineError as error:
        say(wrapped(f"{spelled(str(error))}; the key goes without an attestation"))
        return None
    claims = origin.claims if isinstance(origin, Attested) else origin
    say(wrapped(f"an attestation of the key goes along: {_in_words(claims)}"))
    return found


def _in_words(claims: Claims) -> str:
    return as_text(("it was made in ", *device_words(claims)))
