"""What attestations of an event are worth. The rule, the reports, the jobs and signers ask here.

Nothing of a file is believed: the key is one that the metadata brings, and who vouches for devices
is known from main.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from securesystemslib.signer import Key

from tufline.repository.attestation import (
    Attested,
    BadAttestation,
    Claims,
    read_claims,
    verify_attestation,
)
from tufline.repository.format import (
    ATTESTATION_FOLDER,
    SETTINGS_PATH,
    Attestation,
    InvalidAttestation,
    attested_keyid,
    is_sigstore_key,
    key_owner,
    parse_attestation,
)
from tufline.repository.review._policy import Policy
from tufline.repository.state import PLAIN, Entry, State

if TYPE_CHECKING:
    from tufline.repository.review._case import Case

MOST_ATTESTATIONS: Final = 64
"""How many such files an event may hold at once. Nobody reads more."""


@dataclass(frozen=True, slots=True)
class Unattested:
    """Vendors of devices are trusted, and the event holds no attestation of the key."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """It is no attestation of a key that the event brings, or does not prove what it says."""

    reason: str


Origin: TypeAlias = Attested | Claims | Unattested
"""What is known of where a person's key was made. `Claims` are not verified."""


def attestation_files(case: "Case") -> tuple[Entry, ...]:
    """Return the event's attestations, sorted by path; more than `MOST_ATTESTATIONS`: some."""
    found = islice(case.event.files.below(ATTESTATION_FOLDER), MOST_ATTESTATIONS + 1)
    return tuple(sorted(found, key=lambda entry: entry.path))


def judge_attestations(case: "Case") -> Iterator[tuple[str, Attested | Claims | Rejected]]:
    """Yield the path of each attestation of the event, and what it is worth."""
    files = attestation_files(case)[:MOST_ATTESTATIONS]
    keys = dict(new_keys(case)) if files else {}
    for entry in files:
        try:
            yield entry.path, _judge(case, entry, keys)
        except (InvalidAttestation, BadAttestation) as error:
            reason = error.fault if isinstance(error, BadAttestation) else str(error)
            yield entry.path, Rejected(reason)
        except Exception as error:  # noqa: BLE001 - parsers of hostile bytes: all they raise is a no
            yield entry.path, Rejected(f"a certificate is damaged ({type(error).__name__})")


def judge_attestation(
    attestation: Attestation, key: Key, *, vendors: bytes | None, now: datetime
) -> Attested | Claims:
    """Return what an attestation says of `key`, verified if vendors are known.

    Raises `BadAttestation`.
    """
    if vendors is None:
        return read_claims(attestation, key)
    return verify_attestation(attestation, key, vendors=vendors, now=now)


def vendors_of(known_good: State, policy: Policy) -> bytes | None:
    """Return the certificates of the vendors that are trusted; None where no file is named.

    Raises `BadAttestation` where a file is named that known good does not have.
    """
    if not policy.attestation_vendors:
        return None
    found = {path: known_good.read(path) for path in policy.attestation_vendors}
    missing = [path for path, data in found.items() if data is None]
    if missing:
        names = ", ".join(missing)
        raise BadAttestation(f"main has no file {names}, which its {SETTINGS_PATH} names")
    return b"\n".join(data for data in found.values() if data is not None)


def new_keys(case: "Case") -> Iterator[tuple[str, Key]]:
    """Yield the keys of people that the event brings or changes, by id: once for each delegator.

    Not Sigstore identities, which no device holds.
    """
    for name in case.judged:
        role = case.role(name)
        known = role.known_trust.keys
        for keyid, key in role.trust.keys.items():
            personal = key_owner(key) is not None and not is_sigstore_key(key)
            if personal and known.get(keyid) != key:
                yield keyid, key


def origins(case: "Case") -> Mapping[str, Origin]:
    """Return what is known of where the event's new keys were made, by key id.

    Nothing of keys whose attestation is rejected (the rule says why), nor, where no vendor is
    trusted, of keys that have none.
    """
    if case.whole:
        return {}
    judged = {attested_keyid(path): found for path, found in judge_attestations(case)}
    known: dict[str, Origin] = {}
    if case.policy.attestation_vendors:
        known = {keyid: Unattested() for keyid, _ in new_keys(case) if keyid not in judged}
    told = {
        keyid: found
        for keyid, found in judged.items()
        if keyid is not None and not isinstance(found, Rejected)
    }
    return {**known, **told}


def _judge(case: "Case", entry: Entry, keys: Mapping[str, Key]) -> Attested | Claims:
    if entry.kind not in PLAIN:
        raise InvalidAttestation(f"a {entry.kind}, not a plain file")
    keyid = attested_keyid(entry.path)
    if keyid is None:
        raise InvalidAttestation("the path is not <key id>.pem")
    key = keys.get(keyid)
    if key is None:
        raise InvalidAttestation("no person's key of that id is new in the event")
    attestation = parse_attestation(case.event.files.read(entry))
    vendors = vendors_of(case.base, case.policy)
    return judge_attestation(attestation, key, vendors=vendors, now=case.now)
