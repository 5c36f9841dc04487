"""Where a person's keys are, kept in their settings for the next time."""

from collections.abc import Sequence

from tufline.repository.commands import spelled
from tufline.signer._remembering import NotSet, write_keys
from tufline.signer._settings import SignerSettings
from tufline.signer.commands._screen import say, wants


def remember(settings: SignerSettings, key: str, old: Sequence[str], *, yes: bool) -> None:
    """Offer to write that new keys are at `key`, and the old ones where the settings say now."""
    file = settings.file
    if not wants(f"write into {file.name} that your key is {spelled(key)}?", yes=yes):
        return
    known = {keyid: settings.signing_keys.get(keyid, settings.key) for keyid in old}
    places = {keyid: uri for keyid, uri in known.items() if uri and uri != key}
    try:
        write_keys(file, key=key, signing_keys=places)
    except NotSet as error:  # the event is made, so this is no failure of the command
        say(error.with_hint)
    else:
        say(f"{file.name} says where your keys are")
