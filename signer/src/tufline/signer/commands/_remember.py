"""Where a person's keys are, kept in their settings for the next time."""

from collections.abc import Sequence

from tufline.repository.commands import spelled
from tufline.signer._remembering import with_keys
from tufline.signer._settings import (
    OLD_SETTINGS_FILE,
    InvalidSignerSettings,
    SignerSettings,
    read_settings_file,
)
from tufline.signer.commands._screen import say, wants


def remember(settings: SignerSettings, key: str, old: Sequence[str], *, yes: bool) -> None:
    """Offer to write that new keys are at `key`, and the old ones where the settings say now."""
    file, before = settings.file, settings.file.read_text()
    if not wants(f"write into {file.name} that your key is {spelled(key)}?", yes=yes):
        return
    known = {keyid: settings.signing_keys.get(keyid, settings.key) for keyid in old}
    text = with_keys(
        before,
        ini=file.name == OLD_SETTINGS_FILE,
        key=key,
        signing_keys={keyid: uri for keyid, uri in known.items() if uri and uri != key},
    )
    # Under another name first: the file changes in one step, or not at all.
    written = file.with_name(f"{file.stem}.new{file.suffix}")
    written.write_text(text)
    try:
        read_settings_file(written)
    except InvalidSignerSettings:  # the file is written in a way that single lines do not fit into
        written.unlink()
        say(f'{file.name} was left as it is: write key = "{spelled(key)}" into it')
    else:
        written.replace(file)
        say(f"{file.name} says where your keys are")
