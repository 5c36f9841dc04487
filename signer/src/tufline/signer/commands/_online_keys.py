"""From flags to online keys: their public parts fetched or read, each tried where it can be.

A Sigstore identity is all that there is of it: no public part is fetched or read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tufline.repository.commands import spelled
from tufline.repository.edit import OnlineKey
from tufline.signer._errors import UnpairedKeys
from tufline.signer._online import (
    Untried,
    Works,
    fetch_key,
    is_identity,
    online_identity,
    read_public_key,
    try_key,
)
from tufline.signer.commands._screen import ask, choose, say

# Kinds as people call them, and what the rest of the URI looks like.
_KINDS: Final = (
    (
        "Google Cloud KMS",
        "gcpkms:projects/…/cryptoKeyVersions/1",
    ),
    ("AWS KMS", "awskms:KEY-ID or awskms:arn:aws:kms:…"),
    ("Azure Key Vault", "azurekms://VAULT.vault.azure.net/keys/NAME"),
    ("Vault or OpenBao transit", "hv:NAME"),
    ("a PKCS#11 token of the server", "hsm:2?label=TOKEN"),
    ("a file on the server", "file2:PATH"),
    ("a workflow's Sigstore identity", "sigstore:IDENTITY?issuer=URL"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlineAnswers:
    """The flags about online keys, as they were given."""

    uris: tuple[str, ...] = ()
    public_keys: tuple[Path, ...] = ()
    tried: bool = True

    @property
    def given(self) -> bool:
        """Whether anything was given."""
        return bool(self.uris or self.public_keys)


def online_keys(answers: OnlineAnswers) -> tuple[OnlineKey, ...]:
    """Return the keys, each tried; ask for what is missing. Files go with URIs in order."""
    uris = answers.uris or (_asked_uri(),)
    identities = [each for each in uris if is_identity(each)]
    places = [each for each in uris if each not in identities]
    files = answers.public_keys
    if files and len(files) != len(places):
        raise UnpairedKeys(len(places), len(files))
    if files:
        pairs = zip(files, places, strict=True)
        keys = [OnlineKey(key=read_public_key(file), uri=uri) for file, uri in pairs]
    else:
        keys = [_fetched(uri, answers, len(places)) for uri in places]
    keys += [online_identity(uri) for uri in identities]
    for key in keys:
        _try(key, tried=answers.tried)
    return tuple(keys)


def _asked_uri() -> str:
    place = choose("what holds the online key", [name for name, _ in _KINDS], flag="--online-key")
    _, form = _KINDS[place]
    say(f"write its URI: {form}")
    return ask("signer URI of the online key", flag="--online-key")


def _fetched(uri: str, answers: OnlineAnswers, count: int) -> OnlineKey:
    """Return the key, its public part from its service; ask for a file where that cannot be."""
    found = fetch_key(uri) if answers.tried else None
    if isinstance(found, OnlineKey):
        return found
    if count > 1:
        raise UnpairedKeys(count, 0)
    file = ask("file with its public key (PEM)", flag="--online-public-key")
    return OnlineKey(key=read_public_key(Path(file)), uri=uri)


def _try(key: OnlineKey, *, tried: bool) -> None:
    outcome = try_key(key) if tried else Untried(key.uri, "as asked")
    match outcome:
        case Works(uri=uri):
            say(f"{spelled(uri)}:\n  signed a trial, and its public key verifies that")
        case Untried(uri=uri, reason=reason):
            say(f"{spelled(uri)}:\n  was not tried here: {reason};")
            say("  the event's check online-keys will (tufline ci preflight)")
