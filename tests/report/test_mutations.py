"""What you sign is what you see: no value of any metadata file can change without being shown.

Every leaf of a rich event is changed in several ways. What then appears in the report that was not
there before must name the place and hold the new value: in every medium for people. The reports
are made without the review's findings, which often name a bad value too: they must not be needed.
"""

import copy
import html as html_escapes
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

import pytest
from tests.support.rich import rich_base, rich_event
from tests.support.sample import Sample

from tufline.repository.changes import JsonPath, changes_between
from tufline.repository.report import html, markdown, terminal
from tufline.repository.review import Ready, Review
from tufline.repository.state import MemoryFiles, State

pytestmark = pytest.mark.no_cover  # the same code over very many cases

Json: TypeAlias = dict[str, Any] | list[Any]

REMOVED = object()
NO_REVIEW = Review(roles=(), findings=(), verdict=Ready())
TEXT, NUMBER, MEMBER = "mutated5e1f", 907_123, "sibling5e1f"
FILES = (
    "metadata/root.json",
    "metadata/root_history/2.root.json",
    "metadata/targets.json",
    "metadata/npm.json",
    "metadata/deep.json",
    "metadata/snapshot.json",
    "metadata/timestamp.json",
    "metadata/.signing-event-state",
)
# Members of objects that have a fixed name: our sentences say what they mean instead.
SPECIFIED = frozenset(
    """
    signed signatures keyid sig keys keyval public keytype scheme roles keyids threshold targets
    length hashes custom delegations name paths path_hash_prefixes terminating meta version
    expires spec_version _type consistent_snapshot invites x-tuf-on-ci-keyowner
    x-tuf-on-ci-online-uri x-tuf-on-ci-expiry-period x-tuf-on-ci-signing-period
    """.split()  # noqa: SIM905 - a list of quoted names would be four times as long
)


class Mutation(NamedTuple):
    path: JsonPath
    value: object

    def __str__(self) -> str:
        what = "removed" if self.value is REMOVED else f"becomes {json.dumps(self.value)}"
        return f"{'/'.join(map(str, self.path))} {what}"


class Medium(NamedTuple):
    render: Callable[..., str]
    as_read: Callable[[str], str]


def squeezed(text: str) -> str:
    """Return the text without the white space that only breaks lines."""
    return re.sub(r"\s+", "", text)


def unwrapped(report: str) -> str:
    """Return a terminal's report with each item on one line."""
    return re.sub(r"\n {6,}", " ", report)


def html_text(page: str) -> str:
    return html_escapes.unescape(re.sub(r"<[^>]*>", "", page))


MEDIA = {
    "terminal": Medium(terminal, unwrapped),
    "markdown": Medium(markdown, lambda report: report.replace("`", "")),
    "html": Medium(html, html_text),
}


@cache
def samples() -> tuple[Sample, Sample]:
    base = rich_base()
    return base, rich_event(base)


def leaves(tree: Json, path: JsonPath = ()) -> Iterator[tuple[JsonPath, object]]:
    """Yield every leaf: independent of the code under test, and recursive for simplicity."""
    members = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for name, value in members:
        if isinstance(value, dict | list) and value:
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def containers(tree: Json, path: JsonPath = ()) -> Iterator[JsonPath]:
    yield path
    for name, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(value, dict | list):
            yield from containers(value, (*path, name))


def other_values(value: object) -> Iterator[object]:
    """Yield a value of the same type, and values of others that are easily taken for it."""
    match value:
        case bool():
            yield from (not value, int(value), json.dumps(value))
        case int():
            yield from (value + NUMBER, str(value), bool(value), None)
        case str():
            yield from (f"{value}{TEXT}", NUMBER, [value], None)
        case _:
            yield from (TEXT, NUMBER)


def mutations(tree: Json) -> Iterator[Mutation]:
    for path, value in leaves(tree):
        yield Mutation(path, REMOVED)
        for other in other_values(value):
            yield Mutation(path, other)
    for path in containers(tree):
        parent = at(tree, path)
        name = MEMBER if isinstance(parent, dict) else len(parent)
        yield Mutation((*path, name), TEXT)
        yield Mutation((*path, name), {})


def at(tree: Json, path: JsonPath) -> Json:
    found: Any = tree
    for step in path:
        found = found[step]
    return cast("Json", found)


def mutated(tree: Json, mutation: Mutation) -> bytes:
    changed = copy.deepcopy(tree)
    *above, last = mutation.path
    parent: Any = at(changed, tuple(above))
    if mutation.value is REMOVED:
        del parent[last]
    elif isinstance(parent, list) and last == len(parent):
        parent.append(mutation.value)
    else:
        parent[last] = mutation.value
    return json.dumps(changed, indent=1, sort_keys=True).encode()


def known_good(path: str) -> State:
    """Return the event, but for the one file that is to be seen, which is as in the base."""
    base, event = samples()
    others = {name: data for name, data in event.files.items() if name != path}
    own = {name: data for name, data in base.files.items() if name == path}
    return State(MemoryFiles({**others, **own}))


def reports(base: State, files: dict[str, bytes]) -> dict[str, str]:
    """Return the report of the change to `files` as a reader has it, in each medium."""
    event = State(MemoryFiles(files))
    changes = changes_between(base, event)
    return {name: each.as_read(each.render(NO_REVIEW, changes)) for name, each in MEDIA.items()}


def unseen(path: str) -> Iterator[str]:
    """Yield the mutations of the file that a report does not show."""
    base, files = known_good(path), samples()[1].files
    tree = json.loads(files[path])
    unmutated = reports(base, files)
    for mutation in mutations(tree):
        shown = reports(base, {**files, path: mutated(tree, mutation)})
        for medium, text in shown.items():
            fault = fault_of(mutation, unmutated[medium], text)
            if fault:
                yield f"{medium}: {mutation}: {fault}"


def fault_of(mutation: Mutation, unmutated: str, text: str) -> str | None:
    """Return what is wrong with the report of the mutated file, given that of the unmutated."""
    new = _only_in(text, unmutated)
    if mutation.value is REMOVED:  # it is told as gone, or no longer told as new
        new += _only_in(unmutated, text)
        text += unmutated
    missing = [word for word in words_of(mutation) if squeezed(word) not in squeezed(text)]
    if not new:
        return "the report is the same"
    if missing:
        return f"the report does not show {missing}"
    return None if value_shown(mutation, new) else "what is new does not hold the value"


def _only_in(text: str, other: str) -> str:
    return squeezed("".join(Counter(text.splitlines()) - Counter(other.splitlines())))


def words_of(mutation: Mutation) -> list[str]:
    """Return the names on the way to the value that only the file can know."""
    return [step for step in mutation.path if isinstance(step, str) and step not in SPECIFIED]


def value_shown(mutation: Mutation, new: str) -> bool:
    value = mutation.value
    if value is REMOVED:
        return True
    if isinstance(value, str):
        return squeezed(json.dumps(value)[1:-1]) in new
    return squeezed(json.dumps(value[0] if isinstance(value, list) else value)[:200]) in new


@pytest.mark.parametrize("path", FILES)
def test_every_mutation_of_every_leaf_is_shown(path: str) -> None:
    found = list(unseen(path))
    assert not found, f"{len(found)} changes of {path} are invisible:\n" + "\n".join(found[:20])


def test_all_metadata_of_the_rich_sample_is_mutated() -> None:
    base, event = samples()
    state_file = {"metadata/.signing-event-state"}
    changed = {path for path, data in event.files.items() if base.files.get(path) != data}
    metadata = {path for path in changed if path.endswith(".json") and path[:9] == "metadata/"}
    assert set(FILES) == metadata | state_file
