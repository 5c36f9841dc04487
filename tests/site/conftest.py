"""A real browser, and judges of pages. Without one of them its tests are skipped, and say so."""

import functools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.site.sample import FACTS
from tests.support.web import served

from tufline.repository.site import site_files

CHROMIUM = Path("/usr/bin/chromium")
TOOLS = Path(__file__).parents[2] / ".tools" / "pages"
# A page needs none of what these turn off, and a test none of what they talk to.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"NO {CHROMIUM}: run `sh bin/install-system-packages pages`")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@functools.cache
def tool(name: str) -> Path:
    """Return a file that `make tools` installs; skip without it."""
    if not (TOOLS / name).exists():
        pytest.skip(f"NO .tools/pages/{name}: run `make clean-tools tools`")
    return TOOLS / name


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the program that judges accessibility inside a page."""
    return tool("axe.min.js").read_text()


@pytest.fixture(scope="session")
def html_validator() -> tuple[str, ...]:
    """Return the command of the HTML checker, without its arguments."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("NO JAVA: run `sh bin/install-system-packages pages`")
    return (java, "-jar", str(tool("vnu.jar")))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a web root with the sample's files two folders below."""
    root = tmp_path_factory.mktemp("web")
    below = root / "some" / "path"
    below.mkdir(parents=True)
    for name, data in site_files(FACTS).items():
        (below / name).write_bytes(data)
    return root


@pytest.fixture(scope="session")
def addresses(folder: Path) -> Iterator[dict[str, str]]:
    """Give the page's address from a disk and from below a server's path."""
    page = "some/path/index.html"
    with served(folder) as base:
        yield {"disk": (folder / page).as_uri(), "server": base + page}
