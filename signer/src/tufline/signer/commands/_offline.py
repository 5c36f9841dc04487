"""Signing on a machine without network or clone: the payload is hostile until it is reviewed here.

The same review as for a clone, the same things shown, the same questions. What differs: the file is
named by its SHA-256, so that people can compare it; main's roots must go on from what this machine
trusts; no settings are looked for beside the payload, since they name a library that is loaded; and
no program of maintainers is run, since nobody signs those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from tufline.repository.changes import Changes
from tufline.repository.commands import spelled, verifiers
from tufline.repository.format import Owner, owner
from tufline.repository.jobs import Event
from tufline.signer._asked import Asked, Unsigned, asked_of, is_known
from tufline.signer._errors import EventRefused, UnknownUser
from tufline.signer._settings import SignerSettings, read_settings_file
from tufline.signer._signing import SignedRole, keys_at_hand, sign_roles
from tufline.signer.commands._desk import keys_of
from tufline.signer.commands._screen import agree, expect_terminal, hint, listed, say, show
from tufline.signer.commands._unseen import Unseen
from tufline.signer.commands._validation import Validation
from tufline.signer.detached import (
    LARGEST_PAYLOAD,
    expect_earlier,
    expect_place,
    fingerprint,
    read_medium,
    root_of_payload,
    signature_file,
    unpack,
    write_medium,
    write_signatures,
)
from tufline.signer.keys import Keys
from tufline.signer.wire import expect_first_root, expect_pinned_root

_FLAG = "--root-fingerprint HEX"


@dataclass(frozen=True, kw_only=True, slots=True)
class OfflineAnswers:
    """What the flags say.

    Attributes:
        payload, output: the file that was brought, and the one to write.
        user: "@name"; None: as the settings file says.
        settings: a settings file that the person names; None: none is read.
        root: the SHA-256 (hex) of the oldest root, where it was given.
    """

    payload: Path
    output: Path | None
    user: str | None
    settings: Path | None
    root: str | None
    key: str | None
    pin_fd: int | None
    pin_file: Path | None
    yes: bool


def sign_offline(answers: OfflineAnswers, *, now: datetime) -> None:
    """Review a payload and sign it; write the signatures."""
    output = answers.output
    if output is None:
        raise click.UsageError("where do the signatures go? give -o FILE")
    expect_place(output)
    settings = _settings(answers)
    data = read_medium(answers.payload, largest=LARGEST_PAYLOAD)
    event = unpack(data, verifiers())
    digest = fingerprint(data)
    say(f"payload of {spelled(event.name)}")
    say(f"SHA-256 {digest}")
    _expect_known_root(event, answers)
    asked, changes = _look(event, settings.user, now=now)
    _say_what_is_open(asked)
    if not asked.unsigned:
        say(f"nothing for {settings.user} to sign here; nothing was written")
        return
    expect_earlier(event, asked.unsigned)
    Unseen().ask(event, changes, yes=answers.yes)
    _consent(asked, event, now=now, yes=answers.yes)
    signed = _sign(_keys(answers, settings), asked.unsigned, yes=answers.yes)
    write_medium(output, write_signatures(signature_file(event, digest, signed)))
    say(f"wrote {output}")
    hint(f"in a clone run: tufline signature add {output.name}")


def _settings(answers: OfflineAnswers) -> SignerSettings:
    """Return who signs: as the flag says, or a file that is named, never one that is found."""
    if answers.settings is not None:
        settings = read_settings_file(answers.settings)
        if answers.user is None:
            return settings
        raise click.UsageError("give --user or --settings, not both")
    if answers.user is None:
        raise click.UsageError("who signs? give --user @NAME, or --settings FILE")
    name = answers.user
    user = owner(name if name.startswith("@") else f"@{name}")
    return SignerSettings(file=Path("--user"), user=user)


def _keys(answers: OfflineAnswers, settings: SignerSettings) -> Keys:
    return keys_of(settings, key=answers.key, pin_fd=answers.pin_fd, pin_file=answers.pin_file)


def _expect_known_root(event: Event, answers: OfflineAnswers) -> None:
    """Say which root main has; ask at first use whether it is the right repository."""
    root = root_of_payload(event)
    if root is None:
        say("its main has no root yet: this is a new repository")
        return
    if root.pinned is None:
        say(
            f"first use of this repository on this machine: its root {root.first.version} will be\n"
            "  trusted from now on. Compare its SHA-256 with what another signer tells you:"
        )
        say(f"  {root.first.fingerprint}")
        if answers.root is None:
            expect_terminal(_FLAG)
            agree(f"is this the right root {root.first.version}?", yes=False)
        else:
            expect_first_root(answers.root, root.first)
    elif answers.root is not None:
        base, verifier = event.known_good, event.verifier
        expect_pinned_root(answers.root, root.pinned, root.folder, base, verifier)
    root.keep()
    say(
        f"its main has root {root.newest.version}, which goes on from the root that is trusted here"
    )


def _look(event: Event, person: Owner, *, now: datetime) -> tuple[Asked, Changes]:
    """Show the event; raise `EventRefused` if it breaks a rule."""
    asked = asked_of(person, event, now=now)
    changes = show(spelled(event.name), asked.review, event.known_good, event.proposed)
    if asked.review.errors:
        raise EventRefused(event.name, len(asked.review.errors))
    if asked.nothing and not asked.later and not is_known(person, event):
        raise UnknownUser(person, event.name, "--user")
    return asked, changes


def _say_what_is_open(asked: Asked) -> None:
    if asked.invited:
        say(f"you are invited to {listed(asked.invited)}: accept with tufline sign, in a clone")
    for role, people in asked.later.items():
        say(f"{role} can be signed once these have accepted: {listed(people)}")


def _consent(asked: Asked, event: Event, *, now: datetime, yes: bool) -> None:
    """Let the bundled validators look, and ask for each finding that gives more power."""
    Validation(programs=False).run(event, now=now, yes=yes)
    for finding in asked.review.findings:
        if finding.consent:
            agree(f"{spelled(finding.message)}: is this right?", yes=yes)


def _sign(keys: Keys, wanted: Sequence[Unsigned], *, yes: bool) -> list[SignedRole]:
    """Sign each role with the keys that are at hand; each signature is verified by the port."""
    at_hand = keys_at_hand(keys, wanted)
    roles = listed(f"{each.role} version {each.version}" for each in wanted)
    places = listed(dict.fromkeys(at_hand.values()))
    agree(f"sign {roles} with {places}?", yes=yes)
    signed = sign_roles(keys, wanted, at_hand)
    say(f"signed: {listed(each.role for each in signed)} with {places}")
    for each in wanted:
        missing = [key.keyid[:7] for key in each.keys if key.keyid not in at_hand]
        if missing:
            say(f"{each.role} is not signed with your key {listed(missing)}: it is not at hand")
    return signed
