"""Files are written into the folder that was named, and nowhere else."""

from pathlib import Path

import pytest

from tufline.repository.init import read_files, write_files
from tufline.repository.init._folder import LinkInTheWay

FILES = {".gitignore": b"new\n", ".github/workflows/check.yml": b"new\n"}


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (".github", "elsewhere"),
        (".github/workflows", "elsewhere"),
        (".github/workflows/check.yml", "elsewhere/profile"),
        (".github/workflows/check.yml", "elsewhere/missing"),
        (".gitignore", "elsewhere/profile"),
    ],
)
def test_attack_link_in_a_clone_leads_writing_elsewhere(
    tmp_path: Path, link: str, target: str
) -> None:
    folder, elsewhere = tmp_path / "clone", tmp_path / "elsewhere"
    (folder / link).parent.mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "profile").write_bytes(b"mine")
    (folder / link).symlink_to(tmp_path / target)

    with pytest.raises(LinkInTheWay, match=f"{link} is a symbolic link"):
        write_files(folder, FILES)

    assert [(path.name, path.read_bytes()) for path in elsewhere.iterdir()] == [
        ("profile", b"mine")
    ]
    assert [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()] == []


def test_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "clone")
    write_files(tmp_path / "link", FILES)

    assert read_files(tmp_path / "clone", FILES) == FILES
