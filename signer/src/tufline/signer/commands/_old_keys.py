"""The old keys of somebody who replaces a key: where they are, what cannot go on without them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from securesystemslib.signer import Key

from tufline.repository.commands import spelled
from tufline.repository.errors import TuflineError
from tufline.repository.format import is_sigstore_key, key_material, key_owner
from tufline.repository.jobs import Proposal, case_of, with_files
from tufline.repository.review import Case, keys_before, out_of_reach
from tufline.repository.state import State
from tufline.signer._errors import NeverReady
from tufline.signer.commands._desk import Desk, keys_of
from tufline.signer.commands._screen import listed, say, wrapped
from tufline.signer.keys import Keys


class _Unasked(Exception):
    """Only a passphrase would tell."""


def expect_ready_some_day(desk: Desk, change: Proposal, new_key: Key, *, later: bool) -> None:
    """Raise `NeverReady` where old keys that are not at hand must sign the change.

    Nobody is asked for anything: what only a passphrase would show may be there. `later`: the
    person has the old keys elsewhere; then that they must sign is told.
    """
    case = _case(desk, change)
    keys = keys_of(desk.settings, key=None, pin_fd=None, pin_file=None, secret=_ask_nobody)
    old = (key for key in keys_before(case) if key_owner(key) == desk.settings.user)
    others = (key for key in old if key_material(key) != key_material(new_key))
    try:
        _expect_without(change, case, [key for key in others if _is_gone(keys, key)])
    except NeverReady as error:
        if not later:
            raise
        must = f"must sign, too, since {listed(error.roles)} cannot do without it"
        where = f"run tufline sign {spelled(change.event.name)} where it is"
        say(wrapped(f"the old key {error.keys} {must}: {where}", indent=2))


def prove_old(
    desk: Desk, change: Proposal, old_keys: Sequence[Key], payload: bytes, pin_file: Path | None
) -> list[str]:
    """Let the old keys sign the proof; return the ids of those that did. PINs may be asked for.

    Raise `NeverReady` where one that must sign the change turns out not to be there.
    """
    wanted = [key for key in old_keys if not is_sigstore_key(key)]  # which would go online
    proved = [key for key in wanted if _prove(desk, key, payload, pin_file)]
    _expect_without(change, _case(desk, change), [key for key in wanted if key not in proved])
    return [key.keyid for key in proved]


def _case(desk: Desk, change: Proposal) -> Case:
    outcome = State(with_files(change.event.proposed.files, change.files))
    return case_of(replace(change.event, proposed=outcome), now=desk.now)


def _expect_without(change: Proposal, case: Case, gone: Sequence[Key]) -> None:
    if gone and (unmet := out_of_reach(case, gone)):
        raise NeverReady(change.event.name, gone, unmet)


def _is_gone(keys: Keys, key: Key) -> bool:
    if is_sigstore_key(key):
        return False  # who can log in can sign
    try:
        keys.find(key)
    except _Unasked:
        return False
    except TuflineError:
        return True
    return False


def _ask_nobody(what: str) -> str:
    raise _Unasked(what)


def _prove(desk: Desk, old_key: Key, payload: bytes, pin_file: Path | None) -> bool:
    """Let the old key sign the proof; return whether it did. A PIN may be asked for."""
    keys = desk.keys(key=None, pin_fd=None, pin_file=pin_file)
    try:
        place = _place(keys, old_key)
        if place is None:
            return False
        keys.sign(old_key, payload)
    except click.UsageError as error:  # there is no terminal, and it names other flags
        flags = "--old-pin-file, or --no-old-key"
        raise click.UsageError(f"there is no terminal to ask at: give {flags}") from error
    say(f"the old key {old_key.keyid[:7]} signed a proof: {place}")
    return True


def _place(keys: Keys, old_key: Key) -> str | None:
    """Return where the old key is; None, after saying so, where it is not at hand."""
    try:
        return keys.find(old_key)
    except TuflineError as error:
        short = old_key.keyid[:7]
        say(f"the old key {short} is not at hand, so the others must do without it:\n  {error}")
        return None
