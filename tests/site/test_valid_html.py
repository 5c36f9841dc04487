"""The page and the badge, as the W3C's checker sees them."""

import json
import subprocess
from pathlib import Path

from tests.site.sample import FACTS, crowd
from tests.site.test_files import HOSTILE, hostile

from tufline.repository.site._badge import badge
from tufline.repository.site._page import page


def faulty(checker: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Return what the checker has against the files of a folder, by their names."""
    command = [
        *checker,
        "--exit-zero-always",
        "--errors-only",
        "--also-check-svg",
        "--format",
        "json",
    ]
    files = map(str, sorted(folder.iterdir()))
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=True)
    found = json.loads(done.stderr)["messages"]
    return {each["url"].rpartition("/")[2]: each["message"] for each in found}


def test_pages_and_badge_are_valid_and_the_checker_would_notice(
    html_validator: tuple[str, ...], tmp_path: Path
) -> None:
    files = {
        "sample.html": page(FACTS),
        "crowd.html": page(crowd(250)),
        "markup.html": page(hostile(HOSTILE[0])),
        "title.html": page(hostile(HOSTILE[3])),
        "badge.svg": badge(FACTS),
        "broken.html": page(FACTS).replace(b"<main ", b"<main><main "),
        "broken.svg": badge(FACTS).replace(b"<title", b"<tittle"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert set(faulty(html_validator, tmp_path)) == {"broken.html", "broken.svg"}
