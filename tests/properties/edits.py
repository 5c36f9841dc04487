"""Random edits of a repository: of its JSON, its signatures, its files.

An edit changes a sample in place. Where it does not fit (no such file, no JSON) it does nothing.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as st
from tests.support.sample import KNOWN, Sample, signer_for
from tuf.api.metadata import Metadata

from tufline.repository.state import Kind

Edit: TypeAlias = Callable[[Sample], None]

ROLES = ("root", "targets", "npm", "deep", "snapshot", "timestamp")
METADATA = (
    *(f"metadata/{role}.json" for role in ROLES),
    "metadata/root_history/1.root.json",
    "metadata/root_history/2.root.json",
    "metadata/.signing-event-state",
)
ODD_PATHS = (
    "",
    "metadata",
    "metadata/../x.json",
    "metadata/a b.json",
    "metadata/x.json",
    "metadata/r\u043eot.json",
    "metadata/root_history/01.root.json",
    "metadata/root_history/3.root.json",
    "targets",
    "targets/../../x",
    "targets//x",
    "targets/.git/config",
    "targets/npm/\udcff",
    "targets/npm/new\n\u202ename",
    "targets/FILE.txt",
    "targets/" + "n" * 300,
    ".github/workflows/x.yml",
    "tufline.toml",
)
ODD_VALUES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2**53,
    1.5,
    "",
    "x",
    "\ud800",
    "\u202e",
    "root",
    "npm",
    "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"keyid": "x", "sig": ""},
)
NUMBERS = st.integers(0, 2**16)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON is any type
    """Yield every container with every key or index in it, in order."""
    steps = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for step in list(steps):
        yield node, step
        yield from _places(node[step])


def _edit_json(change: Callable[[Any, Any], None]) -> Callable[[str, int], Edit]:
    """Return a maker of edits that apply `change` at the n-th place of the file's JSON."""

    def at(path: str, number: int) -> Edit:
        def edit(sample: Sample) -> None:
            try:
                tree = json.loads(sample.files[path])
            except (KeyError, ValueError):
                return
            places = list(_places(tree))
            if places:
                change(*places[number % len(places)])
                sample.files[path] = json.dumps(tree, indent=1, sort_keys=True).encode()

        return edit

    return at


def _delete(node: Any, step: Any) -> None:  # noqa: ANN401 - JSON is any type
    del node[step]


def _duplicate(node: Any, step: Any) -> None:  # noqa: ANN401 - JSON is any type
    copied = json.loads(json.dumps(node[step]))
    if isinstance(node, list):
        node.insert(step, copied)
    else:
        node[f"{step}2"] = copied


def _replace(value: object) -> Callable[[str, int], Edit]:
    def change(node: Any, step: Any) -> None:  # noqa: ANN401 - JSON is any type
        node[step] = value

    return _edit_json(change)


def _insert(value: object) -> Callable[[str, int], Edit]:
    def change(node: Any, step: Any) -> None:  # noqa: ANN401 - JSON is any type
        if isinstance(node[step], list):
            node[step].append(value)
        elif isinstance(node[step], dict):
            node[step]["x-new"] = value

    return _edit_json(change)


def _move(source: str, number: int) -> Callable[[str, int], Edit]:
    """Return a maker of edits that copy a part of one file's JSON into another file."""

    def at(path: str, place: int) -> Edit:
        def edit(sample: Sample) -> None:
            try:
                places = list(_places(json.loads(sample.files[source])))
            except (KeyError, ValueError):
                return
            if places:
                node, step = places[number % len(places)]
                _replace(node[step])(path, place)(sample)

        return edit

    return at


def _set_file(path: str, data: bytes | None, kind: Kind = Kind.FILE) -> Edit:
    def edit(sample: Sample) -> None:
        sample.files.pop(path, None)
        sample.kinds.pop(path, None)
        if data is not None:
            sample.files[path] = data
            sample.kinds[path] = kind

    return edit


def _rename(source: str, path: str) -> Edit:
    def edit(sample: Sample) -> None:
        if source in sample.files:
            sample.files[path] = sample.files.pop(source)

    return edit


def _splice(path: str, number: int, data: bytes) -> Edit:
    def edit(sample: Sample) -> None:
        if path in sample.files:
            old = sample.files[path]
            start = number % (len(old) + 1)
            sample.files[path] = old[:start] + data + old[start + len(data) :]

    return edit


def _sign(role: str, people: tuple[str, ...], *, next_version: bool) -> Edit:
    """Return the edit that signs the role anew, as far as python-tuf can read it."""

    def edit(sample: Sample) -> None:
        try:
            metadata: Metadata[Any] = Metadata.from_bytes(sample.files[f"metadata/{role}.json"])
            metadata.signed.version += next_version
            metadata.signatures.clear()
            for person in people:
                metadata.sign(signer_for(person), append=True)
            sample.write(role, metadata)
        except Exception:  # noqa: BLE001 - not readable any more: what is there stays
            return

    return edit


_files = st.sampled_from(METADATA)
_values = st.sampled_from(ODD_VALUES)
_paths = st.sampled_from((*METADATA, *ODD_PATHS, "targets/file.txt", "targets/npm/keys.json"))
_makers = st.one_of(
    st.just(_edit_json(_delete)),
    st.just(_edit_json(_duplicate)),
    st.builds(_replace, _values),
    st.builds(_insert, _values),
    st.builds(_move, _files, NUMBERS),
)
json_edits = st.builds(lambda make, path, number: make(path, number), _makers, _files, NUMBERS)
file_edits = st.one_of(
    st.builds(_set_file, _paths, st.none() | st.binary(max_size=40), st.sampled_from(Kind)),
    st.builds(_rename, _paths, _paths),
    st.builds(_splice, _files, NUMBERS, st.binary(max_size=4)),
)
signature_edits = st.builds(
    lambda role, people, next_version: _sign(role, tuple(people), next_version=next_version),
    st.sampled_from(ROLES),
    st.lists(st.sampled_from(KNOWN), max_size=3, unique=True),
    next_version=st.booleans(),
)
edits = st.lists(st.one_of(json_edits, json_edits, signature_edits, file_edits), max_size=5)
