"""`tufline import`: the forms that repositories have, and where they are read from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, converse, git
from tests.signer.moving import EVENT, Move, make_move
from tests.support.sample import Sample
from tests.support.web import served
from tuf.api.metadata import Metadata, Root, Targets

from tufline.repository.review import Waiting

CONTENT = {
    "targets/file.txt": b"one\n",
    "targets/npm/a.txt": b"of npm\n",
    "targets/npm/deep/b.txt": b"of deep\n",
}
FORMS: dict[str, Callable[[Move, Path], Path]] = {
    "published_at_the_base": lambda move, folder: move.old.publish(folder),
    "published_in_folders": lambda move, folder: move.old.publish(folder, metadata="metadata"),
    "below_repository": lambda move, folder: move.old.publish(
        folder, metadata="repository", targets="repository/targets"
    ),
    "below_repository_in_folders": lambda move, folder: move.old.publish(
        folder, metadata="repository/metadata", targets="repository/targets"
    ),
}


@pytest.fixture
def move(tmp_path: Path, server: Server, alice: Holder, bob: Holder) -> Move:
    return make_move(tmp_path, server, alice, bob)


def expect_imported(move: Move, *, first: int = 1) -> None:
    """Roots as they were, versions one higher, all artifacts, and it waits for both."""
    for number, data in enumerate(move.old.roots, 1):
        if number >= first:
            assert move.server.read(f"metadata/root_history/{number}.root.json", EVENT) == data
    for path, data in CONTENT.items():
        assert move.server.read(path, EVENT) == data
    for role in ("targets", "npm", "deep"):
        new = Metadata[Targets].from_bytes(move.server.read(f"metadata/{role}.json", EVENT))
        assert new.signed.version == move.old.load(role).signed.version + 1
        assert new.signed.targets == move.old.load(role).signed.targets
    for role in ("snapshot", "timestamp"):
        assert move.server.read(f"metadata/{role}.json", EVENT) == move.old.roles[role]
    verdict = move.review().verdict
    assert isinstance(verdict, Waiting)
    assert verdict.missing == {"@alice", "@bob_acme"}


@pytest.mark.parametrize("form", FORMS)
def test_folder(move: Move, form: str) -> None:
    move.answer(FORMS[form](move, move.folder / "old"))

    expect_imported(move)


def test_folder_without_versions_in_names_and_older_roots(
    tmp_path: Path, server: Server, alice: Holder, bob: Holder
) -> None:
    move = make_move(tmp_path, server, alice, bob, consistent=False)
    old = move.old.plain(tmp_path / "old", metadata="repository", targets="repository/targets")

    done = alice.yes("import", old, "--answers", move.answers())

    assert "clients that hold a root before 2 cannot update" in done.out
    expect_imported(move, first=2)
    root = Metadata[Root].from_bytes(server.read("metadata/root.json", EVENT)).signed
    assert root.version == 3
    assert root.consistent_snapshot is True


def test_revision_of_the_clone(move: Move) -> None:
    old = move.old.publish(move.folder / "old", metadata="metadata")
    clone = move.bob.clone
    shutil.copytree(old, clone / "old")
    git(clone, "checkout", "--quiet", "-b", "history")
    git(clone, "add", "old")
    git(clone, "commit", "--quiet", "-m", "as it was")
    git(clone, "push", "--quiet", "origin", "history")

    move.answer("history:old")

    expect_imported(move)


def test_artifacts_elsewhere(move: Move) -> None:
    old = move.old.publish(move.folder / "old")
    shutil.move(old / "targets", move.folder / "files")

    move.alice.yes(
        *("import", old, "--answers", move.answers(), "--artifacts", move.folder / "files")
    )

    expect_imported(move)


def test_url_with_a_root_that_is_known(move: Move) -> None:
    known = move.folder / "known.json"
    known.write_bytes(move.old.roots[1])
    with served(move.old.publish(move.folder / "old")) as url:
        done = move.alice.yes("import", url, "--answers", move.answers(), "--root", known)

    assert "root 1 has the SHA-256" in done.out
    expect_imported(move)


def test_url_on_first_use_shows_the_oldest_root_and_asks(move: Move) -> None:
    with served(move.old.publish(move.folder / "old")) as url:
        declined = converse(
            move.alice,
            ["import", url, "--answers", str(move.answers())],
            [("do others say that root 1 has this SHA-256?", "n")],
            code=130,
        )
        assert EVENT not in move.server.heads()
        unasked = move.alice.run("import", url, "--answers", move.answers())
        move.answer(url)

    assert declined.rstrip().endswith("you did not say yes, so nothing more was done")
    assert unasked.code == 2
    assert "give --yes" in unasked.err
    expect_imported(move)


def test_tuf_on_ci_needs_no_import(tmp_path: Path, alice: Holder, server: Server) -> None:
    sample = Sample()
    sample.sign_online()
    for path, data in sample.files.items():
        file = tmp_path / "theirs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    done = alice.run("import", tmp_path / "theirs")

    assert done.code == 0, done.err
    assert "is in tuf-on-ci's form already, so there is nothing to import" in done.out
    assert "it works as it is" in done.out
    assert EVENT not in server.heads()


def test_main_that_has_a_repository_gets_no_second(move: Move) -> None:
    old = move.old.publish(move.folder / "old")
    move.answer(old)

    again = move.alice.run("import", old, "--answers", move.answers(), "--yes")
    move.sign()
    move.server.merge(EVENT)
    merged = move.alice.run("import", old, "--answers", move.answers(), "--yes")

    assert again.code == 1
    assert "sign/import holds a repository already" in again.err
    assert merged.code == 1
    assert "main has files below metadata/ already" in merged.err
