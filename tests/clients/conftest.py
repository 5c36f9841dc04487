"""The clients that tests try: all that are bundled with TUFLINE_CONFORMANCE, the quick ones else.

They are looked for where `make tools` and `make conformance` install them. At the end the verdicts
of all clients on all repositories are printed.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from tests.clients.odd import Script, only
from tests.clients.sites import CLOCK, Site

from tufline.repository.clients import (
    BUNDLED,
    FOLDER_VARIABLE,
    ClientsSettings,
    Deployment,
    Matrix,
    Program,
    TryClients,
    Verdict,
    programs_of,
    serve,
    try_clients,
)

INSTALLED = Path(__file__).parents[2] / ".tools/clients/bin"
QUICK = ("python-tuf", "tuf-js", "go-tuf")
NAMES = BUNDLED if os.environ.get("TUFLINE_CONFORMANCE") else QUICK
TIMEOUT = 60

Try = Callable[..., Matrix]
VERDICTS = pytest.StashKey[dict[tuple[str, str], str]]()


def known_programs() -> tuple[Program, ...]:
    environ = {FOLDER_VARIABLE: str(INSTALLED), **os.environ}
    return programs_of(ClientsSettings(use=NAMES), environ)


def is_there(program: Program) -> bool:
    return shutil.which(program.command[0]) is not None


def program(name: str) -> Program:
    """Return an installed client; skip the test if it is not."""
    (found,) = (each for each in known_programs() if each.name == name)
    if not is_there(found):
        pytest.skip(f"{name.upper()} IS NOT INSTALLED: run `make tools`, which names what it needs")
    return found


@pytest.fixture(scope="session")
def programs() -> tuple[Program, ...]:
    """Return the clients that are installed."""
    return tuple(filter(is_there, known_programs()))


@pytest.fixture(scope="session")
def clients(programs: tuple[Program, ...]) -> TryClients:
    return try_clients(programs, timeout=TIMEOUT)


@pytest.fixture
def try_site(clients: TryClients) -> Try:
    """Return what serves a site and lets clients try it, by the clock unless told otherwise."""

    def tried(site: Site, *, by: TryClients | None = None, now: datetime = CLOCK) -> Matrix:
        with ExitStack() as stack:

            def deployed(files: Mapping[str, bytes]) -> Deployment:
                url = stack.enter_context(serve(files.get))
                return Deployment(
                    metadata_url=f"{url}metadata/",
                    artifacts_url=f"{url}targets/",
                    roots={each: site.files[f"metadata/{each}.root.json"] for each in site.roots},
                )

            before = deployed(site.before) if site.before else None
            return (by or clients)(
                deployed(site.files), published=before, wanted=site.wanted, now=now
            )

    return tried


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Return what makes a program of lines in Python; `main` is python-tuf's client."""

    def made(lines: str) -> Program:
        path = tmp_path / "client.py"
        start = "import os, sys, time\nfrom tufline.repository.clients._python_tuf import main\n"
        path.write_text(start + lines)
        return Program(name="odd", command=(sys.executable, str(path)), takes_time=True)

    return made


@pytest.fixture
def verdict(try_site: Try) -> Callable[..., Verdict]:
    def found(program: Program, tried: Site, *, timeout: float = 60, **options: object) -> Verdict:
        return only(try_site(tried, by=try_clients([program], timeout=timeout), **options))

    return found


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[str, Matrix], None]:
    """Return what keeps the verdicts on a repository for the table at the end."""
    kept = request.config.stash.setdefault(VERDICTS, {})

    def keep(name: str, matrix: Matrix) -> None:
        for trial in matrix.trials:
            word = type(trial.verdict).__name__.lower()
            kept[f"{name}, {trial.start}", trial.client] = word

    return keep


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if "TUFLINE_CONFORMANCE" not in os.environ:
        return
    kept = config.stash.get(VERDICTS, {})
    terminalreporter.section("what clients say")
    for line in _table(kept):
        terminalreporter.write_line(line)


def _table(kept: dict[tuple[str, str], str]) -> Iterator[str]:
    rows = list(dict.fromkeys(row for row, _ in kept))
    widest = max(map(len, rows), default=0)
    yield " " * widest + "".join(f"  {name:12}" for name in NAMES)
    for row in rows:
        yield f"{row:{widest}}" + "".join(f"  {kept.get((row, name), '-'):12}" for name in NAMES)
