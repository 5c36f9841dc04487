"""Job step: take signatures that people without push rights offer, such as from forks.

A contribution is data. It is read as git objects, nothing of it is run, and nothing of its files is
committed but signatures that verify. Its commit becomes a parent, so that the forge shows it as
merged.
"""

from typing import Final

from tufline.repository.forge import Contribution
from tufline.repository.history import Commit, CorruptRepository, NoSuchRef
from tufline.repository.jobs._events import Event, load_event
from tufline.repository.jobs._offered import NotTaken, offered_files
from tufline.repository.jobs._propose import ChangeRefused, commit_proposal, proposal
from tufline.repository.jobs.place import Place
from tufline.repository.report import Sentence, as_markdown, prose

_MOST_AT_ONCE: Final = 20


def fold_in(place: Place, event: Event) -> Event:
    """Commit the signatures that are offered to a sound event, and return the event after that.

    What cannot be taken is declined with its reason. What moved since the forge listed it is left
    to the next run, and so is what is more than 20: anybody may offer. Raises `Moved` if somebody
    else moved the event meanwhile: nothing is lost.
    """
    for offered in place.forge.contributions(event.name)[:_MOST_AT_ONCE]:
        head = fetched(place, offered)
        if head is not None and _take(place, event, offered, head):
            event = load_event(place.history, event.name, verifiers=place.verifiers)
    return event


def fetched(place: Place, offered: Contribution) -> Commit | None:
    """Return the commit that is offered; None where it is no longer that one.

    May raise `CorruptRepository`, for it may be anything.
    """
    try:
        head = place.history.fetch(offered.ref)
    except NoSuchRef:
        return None
    return head if head == offered.head else None


def _take(place: Place, event: Event, offered: Contribution, head: Commit) -> bool:
    """Commit what is offered, or say why not; return whether the event has moved."""
    try:
        if place.history.contains(event.head, head):
            return False  # taken by an earlier run
        files = offered_files(place.history, event, head, now=place.now)
    except NotTaken as refusal:
        place.forge.decline(offered, f"This was not taken: {refusal.reason}.")
        return False
    except CorruptRepository as error:
        reason = as_markdown(("This was not taken, it cannot be read: ", prose(str(error))))
        place.forge.decline(offered, f"{reason}.")
        return False
    return _commit(place, event, offered, files)


def _commit(
    place: Place, event: Event, offered: Contribution, files: dict[str, bytes | None]
) -> bool:
    wanted = proposal(event, files, message="Take signatures that were offered", now=place.now)
    author = event.settings.committer
    try:
        commit_proposal(place.history, wanted, author=author, now=place.now, taking=offered.head)
    except ChangeRefused as refusal:
        place.forge.decline(offered, _listed(refusal))
        return False
    return True


def _listed(refusal: ChangeRefused) -> str:
    findings: list[Sentence] = [("- ", prose(str(finding))) for finding in refusal.findings]
    reason = "This was not taken. With it, the event would break a rule:"
    return "\n".join([reason, "", *map(as_markdown, findings)])
