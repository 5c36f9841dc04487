"""The attestation of a new key, which goes with it where the token gives one."""

from datetime import datetime

from securesystemslib.signer import Key

from tufline.repository.attestation import Attested, Claims
from tufline.repository.commands import spelled
from tufline.repository.errors import TuflineError
from tufline.repository.format import Attestation, attestation_path
from tufline.repository.jobs import Event, Proposal
from tufline.repository.report import as_text, device_words
from tufline.repository.review import judge_attestation, vendors_of
from tufline.signer.commands._screen import say, wrapped
from tufline.signer.keys import Keys


def attestation_to_give(keys: Keys, key: Key, event: Event, *, now: datetime) -> Attestation | None:
    """Return what the token says of a new key; None if nothing.

    One that review would refuse stays at home, and that is told: the key can do without.
    """
    try:
        found = keys.attestation(key)
        if found is not None:
            vendors = vendors_of(event.known_good, event.settings.policy)
            judge_attestation(found, key, vendors=vendors, now=now)
    except TuflineError as error:
        say(wrapped(f"{spelled(str(error))}; the key goes without an attestation"))
        return None
    return found


def say_what_goes_along(change: Proposal, key: Key) -> None:
    """Tell that the change holds an attestation of `key`, and what it says: not of known keys."""
    origin = change.review.origins.get(key.keyid)
    claims = origin.claims if isinstance(origin, Attested) else origin
    if change.files.get(attestation_path(key.keyid)) and isinstance(claims, Claims):
        words = as_text(("it was made in ", *device_words(claims)))
        say(wrapped(f"an attestation of the key goes along: {words}"))
