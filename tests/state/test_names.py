"""The names of one folder, as path-collision asks for them."""

import pytest

from tufline.repository.state import Difference, Files, MemoryFiles, Overlay

BASE = MemoryFiles({"a": b"1", "b/c": b"1", "b/d/e": b"1", "f/g": b"1"})
TOP = MemoryFiles({"a": b"2", "b/x": b"1", "h/i": b"1"})


def _overlay() -> Overlay:
    gone = [Difference("f/g", BASE.find("f/g"), None), Difference("b/c", BASE.find("b/c"), None)]
    return Overlay(BASE, TOP, [*gone, *TOP.since(MemoryFiles({}))])


@pytest.mark.parametrize(
    ("files", "folder", "names"),
    [
        (BASE, "", {"a", "b/", "f/"}),
        (BASE, "b", {"c", "d/"}),
        (BASE, "b/", {"c", "d/"}),
        (BASE, "a", set()),
        (BASE, "absent", set()),
        (_overlay(), "", {"a", "b/", "f/", "h/"}),  # "f/" is empty now; the contract allows it
        (_overlay(), "b", {"d/", "x"}),
        (_overlay(), "f", set()),
        (_overlay(), "h", {"i"}),
    ],
)
def test_names_of_a_folder(files: Files, folder: str, names: set[str]) -> None:
    found = list(files.names(folder))
    assert set(found) == names
    assert len(found) == len(names)
