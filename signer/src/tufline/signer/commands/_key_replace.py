"""tufline key replace: another key of the same person."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.signer.commands._completing import complete_event
from tufline.signer.commands._event import chosen_event, event_option, named_event
from tufline.signer.commands._options import (
    EXISTING_FILE,
    common_options,
    key_option,
    pin_options,
)

if TYPE_CHECKING:
    from securesystemslib.signer import Key

    from tufline.signer.keys import Keys


@click.command("replace")
@click.argument("words", metavar="[EVENT]", nargs=-1, shell_complete=complete_event)
@event_option
@key_option
@pin_options
@click.option("--old-pin-file", type=EXISTING_FILE, help="A file with the PIN of the old key.")
@click.option("--no-old-key", is_flag=True, help="Let the old key sign no proof now.")
@common_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    words: tuple[str, ...],
    event: str | None,
    key: str | None,
    pin_fd: int | None,
    pin_file: Path | None,
    old_pin_file: Path | None,
    no_old_key: bool,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Put my new key in the place of my old one, in every role, in a signing event.

    The new token must be plugged in; if others are, name it with --key. It signs a proof that it is
    in my hands, and so does the old key, if it is still there: both will be asked to sign root. A
    Sigstore identity signs no proof.
    """
    from tufline.repository.edit import Draft, personal_key, replace_key
    from tufline.signer._replacing import keys_of, proof_payload
    from tufline.signer.commands._attesting import attestation_to_give, say_what_goes_along
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._old_keys import expect_ready_some_day, prove_old
    from tufline.signer.commands._remember import remember
    from tufline.signer.commands._screen import say

    named, rest = named_event(words, event)
    if rest:
        raise click.UsageError(f"{rest[0]} is no signing event: its name starts with sign/")
    with open_desk(git_dir, now) as desk:
        name, person = chosen_event(desk, named), desk.settings.user
        before = desk.event(name)
        keys = desk.keys(key=key, pin_fd=pin_fd, pin_file=pin_file)
        new_key = personal_key(keys.new_key(), person)
        old_keys = keys_of(person, before.proposed)
        attestation = attestation_to_give(keys, new_key, before, now=now)

        def edit(draft: Draft) -> None:
            replace_key(draft, person, new_key, attestation=attestation)

        change = desk.draft(name, edit, message=f"Replace the key of {person}")
        expect_ready_some_day(desk, change, new_key, later=no_old_key)
        say_what_goes_along(change, new_key)
        payload = proof_payload(name, person, new_key)
        _prove_new(keys, new_key, payload)
        asked = () if no_old_key else old_keys
        proved = prove_old(desk, change, asked, payload, old_pin_file)
        desk.propose(change, yes=yes)
        if key:
            remember(desk.settings, key, proved, yes=yes)
        say(f"now run: tufline sign {name}")


def _prove_new(keys: "Keys", new_key: "Key", payload: bytes) -> None:
    from tufline.repository.format import is_sigstore_key
    from tufline.signer.commands._screen import say

    short = new_key.keyid[:7]
    if is_sigstore_key(new_key):
        say(f"the new key {short} is an identity, of which no proof is made:")
        say("  it would be made online, and a public log would keep it")
        return
    keys.sign(new_key, payload)
    say(f"the new key {short} signed a proof: {keys.find(new_key)}")
