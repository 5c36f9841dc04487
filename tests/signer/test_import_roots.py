"""The roots of an import: which can be had, and which of them count."""

from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server
from tests.signer.moving import Move, make_move, published
from tests.support.web import served
from tuf.api.metadata import Metadata, Root

from tufline.signer.importing import (
    CannotImport,
    Chain,
    FolderSource,
    NotTrusted,
    WebSource,
    find_place,
    read_chain,
)


@pytest.fixture
def move(tmp_path: Path, people: tuple[Server, Holder, Holder]) -> Move:
    made = make_move(tmp_path, *people)
    for _ in range(2):
        made.old.rotate(("alice", "bob"))
    return made


def chain_of(folder: Path, *, known: bytes | None = None, oldest: int | None = None) -> Chain:
    source = FolderSource(folder)
    return read_chain(source, find_place(source), known=known, oldest=oldest)


def test_gap_that_main_says_nobody_falls_into(move: Move) -> None:
    old = published(move)
    (old / "2.root.json").unlink()

    with pytest.raises(CannotImport, match="root 2: missing"):
        chain_of(old)
    chain = chain_of(old, oldest=3)

    assert sorted(chain.roots) == [1, 3, 4]
    assert chain.start == 3


def test_gap_of_several(move: Move) -> None:
    old = published(move)
    for version in (2, 3):
        (old / f"{version}.root.json").unlink()

    with pytest.raises(CannotImport, match="roots 2 to 3: missing"):
        chain_of(old)


def test_older_roots_that_do_not_lead_on_come_along_and_do_not_count(move: Move) -> None:
    root = Metadata[Root].from_bytes(move.old.roots[1])
    del root.signatures[move.old.key("alice").keyid]
    move.old.roots[1] = root.to_bytes()

    chain = chain_of(published(move))

    assert sorted(chain.roots) == [1, 2, 3, 4]
    assert chain.start == 3


def test_roots_of_a_server_before_the_known_one_come_along_if_they_lead_to_it(move: Move) -> None:
    with served(published(move)) as url:
        source = WebSource(url)
        chain = read_chain(source, find_place(source), known=move.old.roots[2], oldest=None)

    assert dict(chain.roots) == dict(enumerate(move.old.roots, 1))


def test_roots_of_a_server_that_do_not_lead_to_the_known_one_stay_behind(move: Move) -> None:
    root = Metadata[Root].from_bytes(move.old.roots[0])
    root.signatures.clear()
    move.old.roots[0] = root.to_bytes()
    with served(published(move)) as url:
        source = WebSource(url)
        chain = read_chain(source, find_place(source), known=move.old.roots[2], oldest=None)

    assert sorted(chain.roots) == [2, 3, 4]


def test_server_with_the_newest_root_alone(move: Move) -> None:
    with served(move.old.plain(move.folder / "plain")) as url:
        source = WebSource(url)
        chain = read_chain(source, find_place(source), known=None, oldest=None)

    assert dict(chain.roots) == {4: move.old.roots[3]}


def test_known_root_that_is_newer_than_all(move: Move) -> None:
    known = move.old.roots.pop()

    with pytest.raises(NotTrusted, match="root 4 of --root is not among the roots up to 3"):
        chain_of(published(move), known=known)


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"{}", "no object 'signed'"), (b" " * 600_000, "longer than the 512000 bytes")],
    ids=["no_metadata", "too_long"],
)
def test_newest_root_that_nobody_can_read(move: Move, data: bytes, problem: str) -> None:
    old = published(move)
    (old / "5.root.json").write_bytes(data)

    with pytest.raises(CannotImport, match=problem):
        chain_of(old)
