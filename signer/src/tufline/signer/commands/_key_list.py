"""What `tufline key list` answers: attached keys, beside what main says of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tufline.repository.commands import spelled
from tufline.repository.edit import personal_key
from tufline.repository.errors import TuflineError
from tufline.repository.format import key_material
from tufline.repository.history import open_history
from tufline.repository.jobs import MAIN
from tufline.repository.state import State
from tufline.signer._may_sign import Holding, holdings
from tufline.signer._settings import SignerSettings, find_clone, read_signer_settings
from tufline.signer.keys import Attached, AttachedKey, Tokens, attached, no_secret


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What is attached, and what main trusts.

    Attributes:
        unknown: why the roles are not known, if so.
    """

    places: tuple[Attached, ...]
    settings: SignerSettings | None
    trusted: Mapping[str, Holding]
    unknown: str | None = None

    def holding(self, key: AttachedKey) -> Holding | None:
        """Return what main says of a key."""
        material = key_material(key.key) if key.key else None
        return self.trusted.get(material) if material else None

    def keyid(self, key: AttachedKey) -> str | None:
        """Return the id that the metadata has, or would have with this person as its holder."""
        holding = self.holding(key)
        if holding or key.key is None:
            return holding.keyid if holding else None
        return personal_key(key.key, self.settings.user).keyid if self.settings else None

    def json(self) -> str:
        """Return the answer for programs."""
        return json.dumps(
            {
                "keys": [self._entry(place, key) for place in self.places for key in place.keys],
                "problems": [
                    {"place": place.name, "problem": place.problem}
                    for place in self.places
                    if place.problem
                ],
                "roles-unknown": self.unknown,
            },
            indent=2,
        )

    def _entry(self, place: Attached, key: AttachedKey) -> dict[str, Any]:
        holding = self.holding(key)
        return {
            "uri": key.uri,
            "module": str(place.module) if place.module else None,
            "token": place.label,
            "serial": place.serial,
            "slot": key.slot,
            "object": key.number,
            "keytype": key.key.keytype if key.key else None,
            "scheme": key.key.scheme if key.key else None,
            "keyid": self.keyid(key),
            "holder": holding.holder if holding else None,
            "roles": list(holding.roles) if holding else [],
        }


def overview(git_dir: Path) -> Overview:
    """Return what is attached. Outside of a repository that is all there is to say."""
    settings, trusted, unknown = None, dict[str, Holding](), None
    try:
        settings = read_signer_settings(find_clone(git_dir))
        trusted = dict(_trusted(settings))
    except TuflineError as error:
        unknown = str(error)
    uris = (*((settings.key,) if settings and settings.key else ()), *_known(settings))
    tokens = Tokens(settings.module if settings else None, no_secret)
    places = tuple(attached(tokens, uris))
    return Overview(places=places, settings=settings, trusted=trusted, unknown=unknown)


def as_text(found: Overview) -> str:
    """Return the answer for people, at most 80 columns wide where names allow it."""
    lines = [line for place in found.places for line in _place(found, place)]
    return "\n".join([*lines, *remarks(found)])


def remarks(found: Overview) -> Iterator[str]:
    """Yield what is to be said of all."""
    if not any(place.keys for place in found.places):
        yield "no key is attached; plug in a token, or run `tufline key create`"
    if found.unknown:
        yield f"which roles these may sign is not known: {spelled(found.unknown)}"


def _trusted(settings: SignerSettings) -> Mapping[str, Holding]:
    with open_history(settings.file.parent, pull_remote=settings.pull_remote) as history:
        return holdings(State(history.files(history.resolve(MAIN))))


def _known(settings: SignerSettings | None) -> Iterator[str]:
    yield from settings.signing_keys.values() if settings else ()


def _place(found: Overview, place: Attached) -> Iterator[str]:
    yield f"{spelled(place.name)}{f': {spelled(place.problem)}' if place.problem else ''}"
    if place.module:
        yield f"  module {place.module}"
    for key in place.keys:
        yield from _key(found, key)


def _key(found: Overview, key: AttachedKey) -> Iterator[str]:
    holding = found.holding(key)
    where = f"slot {key.slot}: " if key.slot else f"object {key.number}: " if key.number else ""
    yield f"  {where}{key.key.scheme if key.key else 'encrypted'}"
    keyid = found.keyid(key)
    if keyid:
        yield f"    key id {keyid}"
    if holding:
        yield f"    {holding.holder or 'nobody by name'} may sign {', '.join(holding.roles)}"
    elif key.key and not found.unknown:
        yield "    main does not name it: it may sign nothing yet"
    yield f"    {spelled(key.uri)}"
