"""What is carried to a machine without a clone, and what is brought back from there."""

from datetime import datetime
from functools import partial
from pathlib import Path

from tufline.repository.changes import Changes, changes_between
from tufline.repository.commands import spelled
from tufline.repository.format import Owner
from tufline.repository.jobs import Event
from tufline.repository.jobs.checks.validators import validate_event
from tufline.repository.review import Review
from tufline.repository.validators import Job, Opinion, Undecided
from tufline.signer._asked import asked_of, is_known
from tufline.signer._errors import EventRefused
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._screen import listed, say, standing
from tufline.signer.detached import (
    LARGEST_SIGNATURES,
    add_signatures,
    fingerprint,
    pack,
    parse_signatures,
    read_medium,
    read_roots,
    write_medium,
)


def write_payload(desk: Desk, name: str, output: Path) -> None:
    """Write the payload of an event, and say what it is; raise `EventRefused`."""
    event = desk.existing(name)
    review = event.review(now=desk.now)
    if review.errors:
        raise EventRefused(name, len(review.errors))
    look = partial(seen_of, person=desk.settings.user, now=desk.now)
    data = pack(event, desk.verifiers, look)
    write_medium(output, data)
    say(f"wrote {output}: {spelled(name)} at {event.head[:10]}, {len(data)} bytes")
    say(f"SHA-256 {fingerprint(data)}")
    say(standing(spelled(name), review))
    say("on the machine with the key run:")
    say(f"  tufline sign --offline {output.name} --user @NAME -o signatures.json")


def seen_of(event: Event, *, person: Owner, now: datetime) -> tuple[Review, Changes]:
    """Do with an event what signing does, as far as that reads files; return what is shown."""
    read_roots(event)
    asked = asked_of(person, event, now=now)
    is_known(person, event)
    validate_event(event, now=now, run=_not_run)
    return asked.review, changes_between(event.known_good, event.proposed)


def add_signature_file(desk: Desk, file: Path, name: str | None) -> None:
    """Put the signatures of a file into an event, and say how it stands."""
    found = parse_signatures(read_medium(file, largest=LARGEST_SIGNATURES))
    added = add_signatures(
        desk.history, found, name or found.event, verifiers=desk.verifiers, now=desk.now
    )
    shown = spelled(added.event.name)
    if not added.signatures:
        say(f"{shown} has these signatures already; nothing was pushed")
        return
    say(f"added to {shown}: {listed(added.signatures)} ({added.commit[:10]})")
    if desk.from_fork:
        desk.say_how_to_offer(added.event.name)
    else:
        say("a job puts them into the metadata")


def _not_run(job: Job) -> Opinion:
    """Stand for a program that maintainers name: none is run for a payload."""
    del job
    return Undecided(why="not run")
