"""The page and the badge, as the W3C's checker sees them."""

import subprocess
from pathlib import Path

from tests.site.sample import FACTS, crowd
from tests.site.test_files import HOSTILE, hostile

from tufline.repository.site import BADGE, PAGE, site_files


def said(checker: tuple[str, ...], *files: Path) -> str:
    """Return the errors that the checker finds, one per line."""
    command = [
        *checker,
        "--exit-zero-always",
        "--errors-only",
        "--also-check-svg",
        "--format",
        "gnu",
        *map(str, files),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stderr


def test_pages_are_valid(html_validator: tuple[str, ...], tmp_path: Path) -> None:
    samples = [FACTS, crowd(250), hostile(HOSTILE[0]), hostile(HOSTILE[3])]
    for number, facts in enumerate(samples):
        (tmp_path / f"{number}.html").write_bytes(site_files(facts)[PAGE])
    (tmp_path / BADGE).write_bytes(site_files(FACTS)[BADGE])
    assert said(html_validator, *sorted(tmp_path.iterdir())) == ""


def test_checker_would_notice(html_validator: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / PAGE
    file.write_bytes(site_files(FACTS)[PAGE].replace(b"<main ", b"<main><main "))
    assert "error" in said(html_validator, file)
