"""Job step: say which pull requests to main may be merged that are no signing events.

Such as those of settings, of workflows, and a bot's. They are judged by the paths that they change,
and by nothing else: what these hold is for people to review. Each is read as git objects, nothing
of it is checked out or run.
"""

from tufline.repository.errors import TuflineError
from tufline.repository.forge import Contribution
from tufline.repository.format import CONTENT_FOLDERS
from tufline.repository.history import Commit, CorruptRepository, History
from tufline.repository.jobs._events import EVENT_PREFIX, MAIN
from tufline.repository.jobs.contributions import fetched
from tufline.repository.jobs.place import Place

ALLOWED = "no signing event: it changes no metadata and no artifacts"
REFUSED = "metadata and artifacts change by signing events only: push a sign/ branch"


def other_changes(place: Place) -> str:
    """Show of each whether it may be merged; return how many may, in words.

    What moved since the forge listed it is left to the next run. So is a commit that an event is
    at: what is shown of it is the event's. One that fails does not stop the others; the first
    such error is raised at the end.
    """
    main = place.history.resolve(MAIN)
    events = frozenset(place.history.branches(EVENT_PREFIX).values())
    answers: list[bool | None] = []
    failed: list[TuflineError] = []
    for proposal in place.forge.others():
        if proposal.head not in events:
            try:
                answers.append(_judged(place, main, proposal))
            except TuflineError as error:
                failed.append(error)
    if failed:
        raise failed[0]
    return f"{answers.count(True)} of {len(answers)} may be merged" if answers else ""


def _judged(place: Place, main: Commit, proposal: Contribution) -> bool | None:
    """Judge one and show it; return whether it may be merged, None if it has moved."""
    try:
        head = fetched(place, proposal)
        problem = _problem(place.history, main, head) if head else None
    except CorruptRepository as error:
        head, problem = proposal.head, str(error)
    if head is None:
        return None
    place.forge.clear(proposal, allowed=problem is None, summary=problem or ALLOWED)
    return problem is None


def _problem(history: History, main: Commit, head: Commit) -> str | None:
    """Return why a merge into main must not be; None if it may."""
    bases = history.merge_bases(main, head)
    if len(bases) != 1:
        return f"it has {len(bases)} merge bases with main: make the change anew on main"
    changes = history.files(head).since(history.files(bases[0]))
    return REFUSED if any(_is_content(change.path) for change in changes) else None


def _is_content(path: str) -> bool:
    """Whether the path is below metadata/ or targets/, or takes such a folder's place.

    In any letter case, for some file systems know but one.
    """
    return f"{path.casefold()}/".startswith(CONTENT_FOLDERS)
