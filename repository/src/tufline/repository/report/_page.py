"""A page that shows what a repository publishes, from its files alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import Root, Snapshot, TargetFile, Targets, Timestamp

from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Document,
    RoleName,
    signer_label,
)
from tufline.repository.report._templates import as_html, templates
from tufline.repository.report._text import Sentence, joined, name, prose
from tufline.repository.report._words import size
from tufline.repository.state import (
    Delegation,
    DelegationGraph,
    State,
    Unreadable,
    delegation_graph,
    delegation_of,
)

_AnyLoaded = (
    Document[Root]
    | Document[Targets]
    | Document[Snapshot]
    | Document[Timestamp]
    | Unreadable
    | None
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """One row of a role's artifacts."""

    path: Sentence
    size: str
    hashes: Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRole:
    """One role of the page. `problem` says why there is nothing more to show."""

    name: Sentence
    version: int | None
    expires: str
    expired: bool
    threshold: int | None
    signers: Sentence
    artifacts: tuple[Artifact, ...]
    problem: Sentence


def repository_page(state: State, *, now: datetime, title: str = "TUF repository") -> str:
    """Return one HTML page, without script, of the roles and artifacts of `state` as of `now`."""
    roles = tuple(_roles(state, now))
    when = f"{now:%Y-%m-%d %H:%M} UTC"
    page = templates().get_template("repository.html")
    return page.render(text=as_html, title=title, roles=roles, when=when)


def _roles(state: State, now: datetime) -> Iterator[PageRole]:
    graph = delegation_graph(state)
    yield _role(ROOT, state.root(), _delegations(state, graph, ROOT), now)
    for role in graph.delegators:
        yield _role(role, state.targets(role), _delegations(state, graph, role), now)
    yield _role(SNAPSHOT, state.snapshot(), _delegations(state, graph, SNAPSHOT), now)
    yield _role(TIMESTAMP, state.timestamp(), _delegations(state, graph, TIMESTAMP), now)


def _role(
    role: RoleName, loaded: _AnyLoaded, delegations: tuple[Delegation, ...], now: datetime
) -> PageRole:
    signed = loaded.signed if isinstance(loaded, Document) else None
    return PageRole(
        name=(name(role),),
        version=signed.version if signed else None,
        expires=_expiry(signed.expires, now) if signed else "",
        expired=signed is not None and signed.expires <= now,
        threshold=max((each.threshold for each in delegations), default=None),
        signers=joined(name(label) for label in _labels(delegations)),
        artifacts=tuple(_artifacts(signed)) if isinstance(signed, Targets) else (),
        problem=_problem(loaded),
    )


def _delegations(state: State, graph: DelegationGraph, role: RoleName) -> tuple[Delegation, ...]:
    top_level = role in {ROOT, TARGETS, SNAPSHOT, TIMESTAMP}
    delegators = (ROOT,) if top_level else graph.delegators.get(role, ())
    found = (delegation_of(each, state.role(each), role) for each in delegators)
    return tuple(each for each in found if each is not None)


def _labels(delegations: tuple[Delegation, ...]) -> Iterator[str]:
    keys = (key for each in delegations for key in each.keys.values())
    return iter(dict.fromkeys(signer_label(key) for key in keys))


def _artifacts(signed: Targets) -> Iterator[Artifact]:
    for path, listed in sorted(signed.targets.items()):
        yield Artifact(path=(name(path),), size=size(listed.length), hashes=_hashes(listed))


def _hashes(listed: TargetFile) -> Sentence:
    return joined(name(f"{algorithm}:{digest}") for algorithm, digest in listed.hashes.items())


def _expiry(expires: datetime, now: datetime) -> str:
    days = abs(expires - now).days
    distance = "today" if not days else "1 day" if days == 1 else f"{days} days"
    if days:
        distance = f"in {distance}" if expires > now else f"{distance} ago"
    return f"{expires:%Y-%m-%d %H:%M} UTC, {distance}"


def _problem(loaded: _AnyLoaded) -> Sentence:
    if loaded is None:
        return ("there is no such file",)
    return (prose(loaded.reason),) if isinstance(loaded, Unreadable) else ()
