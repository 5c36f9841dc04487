"""The repository that would be published if an event were merged, with throwaway keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from tufline.repository.clients import Wanted
from tufline.repository.errors import TuflineError
from tufline.repository.format import Document
from tufline.repository.publish import Layout
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._sample import sample
from tufline.repository.shadow._side import (
    Finished,
    Terms,
    finish_proposed,
    finish_published,
    read_side,
)
from tufline.repository.shadow._twins import Twins
from tufline.repository.state import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What clients would get of one state.

    Attributes:
        files: the published files by name. An artifact is read when it is asked for.
        roots: the published bytes of each root that clients may hold, by version.
    """

    files: Mapping[str, bytes]
    roots: Mapping[int, bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shadow:
    """What clients would get once the event is merged, and what they get now; with one set of keys.

    Attributes:
        proposed: once it is merged.
        known_good: what is published now; None where nothing is.
        wanted: the artifacts to try.
    """

    proposed: Published
    known_good: Published | None
    wanted: tuple[Wanted, ...]


def build(proposed: State, known_good: State | None, *, layout: Layout, terms: Terms) -> Shadow:
    """Return the shadow of a change that review found sound. Makes keys, and touches nothing.

    Args:
        proposed: what main would hold.
        known_good: what is published now, its snapshot and timestamp included where there are any;
            None, or without a root, where nothing is.
        layout: where published files lie, and the oldest root that clients may hold.
        terms: how snapshot and timestamp are made, and when.

    Raises:
        CannotShadow: something cannot be made with throwaway keys. That is no fault of the event.
    """
    try:
        return _build(proposed, known_good, layout, terms)
    except CannotShadow:
        raise
    except TuflineError as error:
        raise CannotShadow(str(error)) from error
    except Exception as error:
        # An event may hold anything; what review accepts and this cannot follow is not shadowed.
        raise CannotShadow(f"the metadata is not as expected ({type(error).__name__})") from error


def _build(proposed: State, known_good: State | None, layout: Layout, terms: Terms) -> Shadow:
    twins = Twins()
    ours = read_side(proposed, layout, twins)
    known = None
    if known_good is not None and isinstance(known_good.root(), Document):
        theirs = read_side(known_good, layout, twins, like=ours)
        known = theirs, finish_published(theirs, ours, twins, now=terms.now)
    done = finish_proposed(ours, known, twins, terms)
    before = known[1] if known else None
    kept = before.content if before else {}
    changed = [role for role, made in done.content.items() if kept.get(role) is not made]
    lock = Lock()
    return Shadow(
        proposed=_published(done, layout, lock),
        known_good=_published(before, layout, lock) if before else None,
        wanted=sample(proposed, known_good, changed, done.content, now=terms.now),
    )


def _published(done: Finished, layout: Layout, lock: Lock) -> Published:
    roots = {version: made.data for version, made in done.chain.items()}
    return Published(files=done.files(layout, lock), roots=roots)
