"""The check `clients`: do real clients accept what an event would publish?

They are tried before anybody signs it, on its shadow: the same metadata, with throwaway keys in the
place of all keys. It is served on loopback to the clients that main's settings name: to new ones,
to ones that hold any root that clients may still hold, and to ones that have got what is published.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version
from typing import ClassVar, Final, TypeAlias

from tufline.repository.clients import (
    ClientsSettings,
    Deployment,
    Matrix,
    TryClients,
    matrix_markdown,
    programs_of,
    serve,
    trial_line,
    try_clients,
)
from tufline.repository.forge import CheckVerdict, EventCheck, Task
from tufline.repository.format import (
    ARTIFACT_FOLDER,
    METADATA_FOLDER,
    Document,
    InvalidJson,
    artifact_of_path,
    canonical_json,
    historic_root_version,
    parse_json,
    role_of_path,
)
from tufline.repository.history import History
from tufline.repository.jobs._events import PUBLISH, Event
from tufline.repository.jobs._roots import oldest_root
from tufline.repository.jobs.checks._elsewhere import Elsewhere
from tufline.repository.publish import Layout
from tufline.repository.review import Review
from tufline.repository.shadow import CannotShadow, Published, Shadow, Terms, build
from tufline.repository.state import Entry, State

OpenClients: TypeAlias = Callable[[ClientsSettings], TryClients]
"""Returns what tries the clients that the settings name."""

FindPublished: TypeAlias = Callable[[], State | None]
"""Returns what is published now, None where nothing is."""

NAME: Final = "clients"
_MOST_ROOTS: Final = 16
_LONGEST_TEXT: Final = 12_000  # it goes through a variable of a job, and into a comment


def installed_clients(settings: ClientsSettings) -> TryClients:
    """Return the clients of this machine that the settings name (`OpenClients`)."""
    return try_clients(programs_of(settings, os.environ), timeout=settings.timeout)


def nothing_published() -> State | None:
    """Return that nothing is published (`FindPublished`)."""
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientsCheck:
    """The check (`Checker`), in a job that runs clients. Such a job holds no token and no key.

    Attributes:
        published: finds what is published; without anything, clients start from main.
        clients: opens the clients.
        keep: is given each shadow that is made, before clients are tried on it.
    """

    name: ClassVar[str] = NAME
    task: ClassVar[Task | None] = Task.SIGNING_EVENT

    published: FindPublished = nothing_published
    clients: OpenClients = installed_clients
    keep: Callable[[Shadow], None] | None = None

    def content(self, event: Event, found: Review) -> str | None:
        """Return a digest of all that the shadow is made of; None where that does not change."""
        del found
        return content(event)

    def check(self, event: Event, found: Review, *, now: datetime) -> EventCheck | None:
        """Let the clients try the event's shadow; None where nothing changes for them."""
        del found
        digest = content(event)
        if digest is None:
            return None
        layout = _layout(event)
        try:
            shadow = _shadow(event, self.published() or event.known_good, layout, now)
        except CannotShadow as problem:
            return _answer(digest, CheckVerdict.INCONCLUSIVE, problem.with_hint)
        if self.keep is not None:
            self.keep(shadow)
        matrix = _tried(shadow, self.clients(event.settings.clients), layout, now)
        return _judged(digest, matrix)


def published_state(history: History) -> State | None:
    """Return what the publish branch holds, None where there is none."""
    head = history.branches(PUBLISH).get(PUBLISH)
    return None if head is None else State(history.files(head))


def content(event: Event) -> str | None:
    """Return a digest of all that the event's shadow is made of, but for signatures.

    None where the event changes no metadata and no artifact. Of what is published it holds nothing:
    the timestamp there changes all the time, and nothing that clients say of an event does by it.
    """
    changed = set(event.changes())
    if not any(map(_matters, changed)):
        return None
    digest = hashlib.sha256()
    digest.update(canonical_json(_circumstances(event)))
    for folder in (METADATA_FOLDER, ARTIFACT_FOLDER):
        for entry in sorted(event.proposed.files.below(folder)):
            if _matters(entry.path):
                says = _payload_id(event.proposed, entry) if entry.path in changed else entry.id
                line = f"{len(entry.path)} {entry.path} {entry.kind} {says}\n"
                digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _circumstances(event: Event) -> dict[str, object]:
    """Return what an answer depends on beside the files."""
    return {
        "clients": asdict(event.settings.clients),
        "emergency-roots": list(event.settings.review.emergency_roots),
        "meta-hashes": event.settings.online.meta_hashes,
        "layout": asdict(_layout(event)),
        "version": version("tufline-repository"),
    }


def _matters(path: str) -> bool:
    """Whether it is metadata or an artifact."""
    is_metadata = role_of_path(path) is not None or historic_root_version(path) is not None
    return is_metadata or artifact_of_path(path) is not None


def _payload_id(state: State, entry: Entry) -> str:
    """Return a digest of what metadata says, whoever signed it; the object id of all else."""
    if artifact_of_path(entry.path) is not None:
        return entry.id
    try:
        payload = canonical_json(parse_json(state.read(entry.path) or b"")["signed"])
    except (InvalidJson, LookupError, TypeError):
        return entry.id
    return hashlib.sha256(payload).hexdigest()


def _layout(event: Event) -> Layout:
    """Return where files lie. The oldest root is main's: a new one verifies by nothing yet."""
    settings = event.settings
    signed = event.known_good if event.known_good.root() is not None else event.proposed
    return replace(settings.layout, oldest_root=oldest_root(signed, settings))


def _shadow(event: Event, published: State, layout: Layout, now: datetime) -> Shadow:
    root = event.proposed.root()
    emergencies = event.settings.review.emergency_roots
    terms = Terms(
        now=now,
        emergency=isinstance(root, Document) and root.signed.version in emergencies,
        meta_hashes=event.settings.online.meta_hashes,
    )
    return build(event.proposed, published, layout=layout, terms=terms)


def _tried(shadow: Shadow, clients: TryClients, layout: Layout, now: datetime) -> Matrix:
    """Serve both sides of the shadow, and let the clients go from the one to the other."""
    known_good = shadow.known_good
    before = _served(known_good, layout) if known_good else nullcontext()
    with _served(shadow.proposed, layout) as deployment, before as published:
        return clients(deployment, published=published, wanted=shadow.wanted, now=now)


@contextmanager
def _served(published: Published, layout: Layout) -> Iterator[Deployment]:
    with serve(published.files.get) as url:
        folder = layout.metadata_dir
        yield Deployment(
            metadata_url=url if folder == "." else f"{url}{folder}/",
            artifacts_url=f"{url}targets/",
            roots=_starts(published.roots),
        )


def _starts(roots: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the roots to start from: all, or of very many the newest and the oldest."""
    versions = sorted(roots)
    if len(versions) > _MOST_ROOTS:
        versions = [versions[0], *versions[1 - _MOST_ROOTS :]]
    return {each: roots[each] for each in versions}


def _judged(digest: str, matrix: Matrix) -> EventCheck:
    """Return what the matrix says of the event."""
    text = _shortened(matrix_markdown(matrix))
    clients = ", ".join(dict.fromkeys(each.client for each in matrix.trials))
    refused = [line for each in matrix.rejected if (line := trial_line(each))]
    if refused:
        more = f" (and {len(refused) - 1} more)" if refused[1:] else ""
        return _answer(digest, CheckVerdict.FAILED, f"refused by {refused[0]}{more}", text)
    if not matrix.accepted:
        summary = f"no client could be tried of: {clients or 'none'}"
        return _answer(digest, CheckVerdict.INCONCLUSIVE, summary, text)
    summary = f"accepted by {', '.join(_accepting(matrix))}"
    if matrix.inconclusive:
        summary += f"; {len(matrix.inconclusive)} of {len(matrix.trials)} trials say nothing"
    return _answer(digest, CheckVerdict.PASSED, summary, text)


def _accepting(matrix: Matrix) -> tuple[str, ...]:
    silent = set(matrix.inconclusive)
    return tuple(dict.fromkeys(each.client for each in matrix.trials if each not in silent))


def _shortened(text: str) -> str:
    """Return whole lines of the text, no more than a status has room for."""
    if len(text) <= _LONGEST_TEXT:
        return text
    kept = text[:_LONGEST_TEXT].rpartition("\n")[0]
    return f"{kept}\n\n(The rest is left out.)\n"


def _answer(digest: str, verdict: CheckVerdict, summary: str, text: str = "") -> EventCheck:
    return EventCheck(name=NAME, content=digest, verdict=verdict, summary=summary, text=text)


CLIENTS_ELSEWHERE: Final = Elsewhere(name=NAME, task=Task.SIGNING_EVENT, digest=content)
"""The check, in a job that holds a token or a key, and so runs no clients."""
