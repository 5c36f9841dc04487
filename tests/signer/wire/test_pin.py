"""The pinned root on a signer's machine: whose it is, what it survives, what it refuses."""

import hashlib
import json
from pathlib import Path

import pytest
from tests.support.published import Published

from tufline.repository.review import LocalKeys
from tufline.repository.settings import Settings
from tufline.repository.state import MemoryFiles, State
from tufline.signer.wire import (
    DamagedPin,
    InsecurePin,
    NoRootToPin,
    OtherRootPinned,
    Pin,
    PinFolder,
    expect_pinned_root,
    first_root,
    pin_folder,
)

ROOT = Published().files["metadata/root.json"]


@pytest.fixture
def folder(tmp_path: Path) -> PinFolder:
    """Return a folder where a root is pinned."""
    folder = pin_folder("git@example.org:o/r", data=tmp_path)
    folder.write(Pin(version=1, root=ROOT, url="https://tuf.example.org/"))
    return folder


def test_what_was_written_is_read(folder: PinFolder) -> None:
    assert folder.read() == Pin(version=1, root=ROOT, url="https://tuf.example.org/")
    about = json.loads((folder.path / "about.json").read_bytes())
    assert about == {"repository": "example.org/o/r", "url": "https://tuf.example.org/"}


def test_nothing_is_pinned_at_first(tmp_path: Path) -> None:
    folder = pin_folder("git@example.org:o/r", data=tmp_path)
    assert folder.read() is None
    assert not folder.path.exists()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("git@example.org:o/r", "git@example.org:o/r.git", True),
        ("https://example.org/o/r", "https://me:secret@example.org/o/r.git/", True),
        ("git@example.org:o/r", "git@example.org:o/s", False),
        ("git@example.org:o/r", "git@example.com:o/r", False),
        ("git@example.org:o/r", "https://example.org/o/r", True),
        ("ssh://me@example.org:2222/o/r.git", "git@EXAMPLE.org:o/r", True),
        ("https://example.org:8443/o/r", "https://example.org/o/r", False),
        ("https://example.org/one-part", "https://me:secret@example.org/one-part", True),
        ("git@example.org:o-r/s", "git@example.org:o/r-s", False),
        ("git@example.org:o/R", "git@example.org:o/r", False),
        ("/srv/git/a", "/srv/git/b", False),
        ("", "/", True),
    ],
)
def test_folders_of_two_repositories(tmp_path: Path, one: str, other: str, *, same: bool) -> None:
    folders = [pin_folder(remote, data=tmp_path).path for remote in (one, other)]
    assert (folders[0] == folders[1]) is same
    assert all(each.parent == tmp_path / "pinned-roots" for each in folders)


def test_password_of_a_remote_is_not_kept(tmp_path: Path) -> None:
    folder = pin_folder("https://me:secret@example.org/o/r", data=tmp_path)
    folder.write(Pin(version=1, root=ROOT))
    kept = [file.read_bytes() for file in folder.path.iterdir()]
    assert not any(b"secret" in data for data in kept)
    assert "secret" not in str(folder.path)


def test_folder_of_the_user_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert pin_folder("git@example.org:o/r").path.is_relative_to(tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("root.json", ROOT[:-10], "not JSON"),
        ("root.json", b"", "not JSON"),
        (
            "root.json",
            ROOT.replace(b'"version": 1', b'"version": 2'),
            "its signatures do not verify by its own keys",
        ),
        ("root.json", None, "root.json is missing"),
        ("about.json", b"{", "Expecting property name"),
        ("about.json", b"[]", "about.json does not name a URL"),
        ("about.json", b'{"url": 7}', "about.json does not name a URL"),
    ],
)
def test_damaged_pin_is_never_replaced(
    folder: PinFolder, name: str, data: bytes | None, problem: str
) -> None:
    file = folder.path / name
    if data is None:
        file.unlink()
    else:
        assert file.read_bytes() != data
        file.write_bytes(data)
    with pytest.raises(DamagedPin) as caught:
        folder.read()
    assert str(caught.value).startswith(f"your pinned root in {folder.path} is damaged: ")
    assert problem in str(caught.value)
    assert f"delete the folder {folder.path}" in str(caught.value.hint)
    assert (file.read_bytes() if file.exists() else None) == data


def test_killed_between_the_root_and_the_rest(folder: PinFolder) -> None:
    (folder.path / "about.json").unlink()
    assert folder.read() == Pin(version=1, root=ROOT)


def test_killed_while_writing_leaves_what_was_there(folder: PinFolder) -> None:
    (folder.path / ".root.json.half").write_bytes(ROOT[:100])
    assert folder.read() == Pin(version=1, root=ROOT, url="https://tuf.example.org/")


def test_folder_that_others_may_write_to(folder: PinFolder) -> None:
    folder.path.chmod(0o770)
    with pytest.raises(InsecurePin, match="may be written to by others") as caught:
        folder.read()
    assert f"chmod 700 {folder.path}" in str(caught.value.hint)


def test_links_are_not_followed(folder: PinFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (folder.path / "root.json").rename(elsewhere)
    (folder.path / "root.json").symlink_to(elsewhere)
    with pytest.raises(InsecurePin, match=r"root\.json is a symbolic link"):
        folder.read()


def test_link_in_place_of_the_folder_is_not_followed(folder: PinFolder, tmp_path: Path) -> None:
    elsewhere = folder.path.rename(tmp_path / "elsewhere")
    folder.path.symlink_to(elsewhere)
    with pytest.raises(InsecurePin, match="is not a folder"):
        folder.read()


def test_oldest_root_that_clients_may_hold_is_pinned_as_it_is_published() -> None:
    repository = Published()
    first = repository.files["metadata/root.json"]
    repository.rotate()
    repository.add_empty_signature("root", "carol")
    assert first_root(repository.state(), Settings()) == Pin(version=1, root=first)
    repository.files["metadata/root_history/1.root.json"] = b"from before TUF 1.0"
    pin = first_root(repository.state(), Settings())
    assert (pin.version, b'""' in pin.root) == (2, False)


def test_root_that_does_not_verify_is_not_pinned() -> None:
    repository = Published()
    files = dict(repository.files)
    for path in ("metadata/root.json", "metadata/root_history/1.root.json"):
        files[path] = files[path].replace(b'"version": 1', b'"version": 2')
    with pytest.raises(NoRootToPin):
        first_root(State(MemoryFiles(files)), Settings())


def test_root_that_does_not_lead_to_the_pinned_one_is_another(folder: PinFolder) -> None:
    repository, path = Published(), "metadata/root_history/1.root.json"
    first = hashlib.sha256(repository.files[path]).hexdigest()
    repository.rotate()
    pin = Pin(version=2, root=repository.files["metadata/root.json"])
    expect_pinned_root(first, pin, folder, repository.state(), LocalKeys())
    repository.files[path] = repository.files[path].replace(b"1.0.", b"1.0.9")
    forged = hashlib.sha256(repository.files[path]).hexdigest()
    assert forged != first
    for given in (forged, first):
        with pytest.raises(OtherRootPinned, match=pin.fingerprint):
            expect_pinned_root(given, pin, folder, repository.state(), LocalKeys())
