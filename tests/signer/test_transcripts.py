"""What a key holder sees at a terminal, word by word: good ways and bad ones, of every command.

Each transcript is a real session on a pseudo-terminal. After a change that is meant, write them
anew and read the difference:

    TUFLINE_UPDATE_GOLDEN=1 pytest tests/signer/test_transcripts.py
    git diff tests/signer/transcripts
"""

import shutil
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse, sign
from tests.signer.scenes import FIRST_SCENES, SCENES, Scene
from tests.signer.transcribing import TRANSCRIPTS, Run, Session, Stage, expect, kept_runs
from tests.support.tokens import PIN, plug_in

SIGNER: Final = Path(__file__).parents[2] / "signer"
MANUAL: Final = Path(__file__).parents[2] / "docs" / "signer.md"

TOKEN_SCENES: Final = ("right", "wrong")
# What these commands find wrong is their answer: they do not fail.
NEVER_FAIL: Final = frozenset({"key list"})


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Return a folder whose name is as long in every run, for lines are broken by width."""
    with TemporaryDirectory(prefix="tuf", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine have one kind of token, and none plugged in."""
    reader = plug_in(tmp_path / "reader")
    for name, value in reader.environment.items():
        monkeypatch.setenv(name, value)
    shutil.rmtree(reader.folder / "tokens")
    (reader.folder / "tokens").mkdir()


@pytest.fixture
def empty(server: Server, alice: Holder, bob: Holder) -> Stage:
    session = Session(folder=server.folder)
    return Stage(session=session, server=server, alice=alice, bob=bob)


@pytest.fixture
def stage(empty: Stage, started: Server) -> Stage:
    """Return a stage with a repository that alice and bob sign, two of two."""
    del started
    return empty


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_session_reads_exactly_so(stage: Stage, scene: Scene) -> None:
    scene(stage)

    expect(stage.session, scene.__name__)


@pytest.mark.parametrize("scene", FIRST_SCENES, ids=lambda scene: scene.__name__)
def test_first_session_reads_exactly_so(empty: Stage, scene: Scene) -> None:
    scene(empty)

    expect(empty.session, scene.__name__)


@pytest.mark.parametrize("pin", TOKEN_SCENES)
def test_session_with_a_token_reads_exactly_so(
    accepted: Server, dora: Holder, pin_file: Path, pin: str
) -> None:
    session = Session(folder=accepted.folder)
    assert sign(dora, "--pin-file", pin_file).code == 0
    accepted.merge()
    file = session.folder / "release.txt"
    file.write_text("one\n")
    assert dora.run_apart("target", "add", NEXT, file, "--yes").code == 0
    talk = [("[y/N]: ", "y"), ("PIN of", PIN if pin == "right" else "000000")]

    session.run(dora, f"sign {NEXT}", *talk, code=0 if pin == "right" else 1)

    expect(session, f"sign_with_a_token_and_the_{pin}_pin")


def test_every_transcript_is_of_a_session() -> None:
    names = {scene.__name__ for scene in (*SCENES, *FIRST_SCENES)}
    names |= {f"sign_with_a_token_and_the_{pin}_pin" for pin in TOKEN_SCENES}
    assert {file.stem for file in TRANSCRIPTS.glob("*.txt")} == names


def test_every_command_has_a_session_that_ends_well_and_one_that_does_not() -> None:
    runs = list(kept_runs())
    commands = list(commands_of_signer())
    for good in (True, False):
        shown = {name for name in commands for run in runs if run.good == good and is_of(run, name)}
        assert set(commands) - shown <= (set() if good else NEVER_FAIL)


def is_of(run: Run, command: str) -> bool:
    return f"{run.typed} ".startswith(f"{command} ")


def commands_of_signer() -> Iterator[str]:
    """Yield each command that the distribution adds, "key list" for example."""
    project = tomllib.loads((SIGNER / "pyproject.toml").read_text())["project"]
    for name, place in project["entry-points"]["tufline.commands"].items():
        module, _, attribute = place.partition(":")
        yield from leaves(name, getattr(import_module(module), attribute))


def leaves(name: str, command: click.Command) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for below, each in command.commands.items():
        yield from leaves(f"{name} {below}", each)


@pytest.mark.parametrize(
    "name", ["sign_with_a_token_and_the_right_pin", "sign_with_a_token_and_the_wrong_pin"]
)
def test_manual_shows_the_transcript(name: str) -> None:
    assert (TRANSCRIPTS / f"{name}.txt").read_text() in MANUAL.read_text()


def test_no_colour_where_the_user_wants_none(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = converse(stage.alice, ["doctor", "--no-sign"], [])
    monkeypatch.setenv("NO_COLOR", "1")
    plain = converse(stage.alice, ["doctor", "--no-sign"], [])

    assert "\x1b[" in coloured
    assert "\x1b[" not in plain
