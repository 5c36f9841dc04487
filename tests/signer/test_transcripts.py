"""What a key holder sees at a terminal, word by word: good ways and bad ones.

Each transcript is a real session on a pseudo-terminal, kept in `transcripts/`. What differs from
run to run is written as `HEX`, `KEY` and `DIR`. After a change that is meant, write them anew and
read the difference:

    TUFLINE_UPDATE_GOLDEN=1 pytest tests/signer/test_transcripts.py
    git diff tests/signer/transcripts
"""

import os
import platform
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import pytest
from tests.signer.helpers import NEXT, Holder, Server, converse, git, sign, write_key
from tests.support.tokens import PIN, plug_in

TRANSCRIPTS: Final = Path(__file__).parent / "transcripts"
MANUAL: Final = Path(__file__).parents[2] / "docs" / "signer.md"
_KEY: Final = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
# Signatures, and ids that do not fit into what is left of a line, go on in the next one.
_LONG_HEX: Final = re.compile(r"\b[0-9a-f]{40,}(?:\n +[0-9a-f]+)*\b")
_HEX: Final = re.compile(r"\b[0-9a-f]{7,40}\b")

_SIZE: Final = re.compile(r"\b[0-9]{4,} bytes")  # of what holds signatures, whose lengths vary


@dataclass(kw_only=True)
class Session:
    """Somebody's terminal, and all that was on it."""

    folder: Path
    shown: list[str] = field(default_factory=list)

    def run(self, person: Holder, command: str, *talk: tuple[str, str], code: int = 0) -> None:
        """Run a command and answer what it asks; a PIN is not shown."""
        arguments = command.format(dir=self.folder).split()
        screen = converse(person, arguments, list(talk), code=code)
        typed = command.replace("{dir}", "DIR")
        self.shown.append(f"$ tufline {typed}\n{self._steady(screen)}")
        self.shown.append("" if code == 0 else f"(exit status {code})\n")

    def text(self) -> str:
        return "\n".join(part for part in self.shown if part)

    def _steady(self, screen: str) -> str:
        text = click.unstyle(screen).replace("\r\n", "\n").replace(str(self.folder), "DIR")
        text = _HEX.sub("HEX", _LONG_HEX.sub("HEX", _KEY.sub("KEY", text)))
        return _SIZE.sub("SIZE bytes", text).replace(platform.python_version(), "3.X")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who is there, with a repository that alice and bob sign, two of two."""

    session: Session
    server: Server
    alice: Holder
    bob: Holder


Scene = Callable[[Stage], None]


def artifact(stage: Stage, text: str = "one\n") -> None:
    (stage.session.folder / "release.txt").write_text(text)


def an_event(stage: Stage) -> None:
    artifact(stage)
    stage.alice.yes("target", "add", NEXT, stage.session.folder / "release.txt")


def sign_an_event(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, "sign", ("which one [1]: ", "1"), ("[y/N]: ", "y"))
    stage.session.run(stage.bob, f"sign {NEXT}", ("[y/N]: ", "y"))


def sign_and_say_no(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, f"sign {NEXT}", ("[y/N]: ", "n"), code=130)


def sign_when_nothing_waits(stage: Stage) -> None:
    stage.session.run(stage.alice, "sign")


def sign_what_is_refused(stage: Stage) -> None:
    an_event(stage)
    stage.server.commit(NEXT, ".github/workflows/mine.yml", "on: push\n")
    stage.session.run(stage.alice, f"sign {NEXT}", code=1)


def sign_what_gives_more_power(stage: Stage) -> None:
    stage.alice.yes("delegate", NEXT, "root", "--threshold", "1")
    stage.session.run(stage.bob, f"sign {NEXT}", ("is this right? [y/N]: ", "n"), code=130)


def sign_with_a_key_that_is_not_there(stage: Stage) -> None:
    an_event(stage)
    stage.alice.key_file.unlink()
    stage.session.run(stage.alice, f"sign {NEXT}", code=1)


def sign_an_event_that_is_not_there(stage: Stage) -> None:
    stage.session.run(stage.alice, "sign sign/nothing", code=1)


def add_and_list_artifacts(stage: Stage) -> None:
    artifact(stage)
    stage.session.run(stage.alice, f"target add {NEXT} {{dir}}/release.txt", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"target list {NEXT}")


def add_an_artifact_of_nobody(stage: Stage) -> None:
    artifact(stage)
    stage.session.run(stage.alice, f"target add {NEXT} {{dir}}/release.txt --name nobody/x", code=1)


def remove_an_artifact(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, f"target remove {NEXT} release.txt", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"target remove {NEXT} release.txt", code=1)


def change_who_may_sign(stage: Stage) -> None:
    stage.session.run(stage.alice, f"delegate {NEXT} npm --signers @alice,@dora", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"delegate {NEXT} npm --threshold 3 --yes", code=1)


def remove_a_role(stage: Stage) -> None:
    stage.alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    stage.session.run(stage.alice, f"role remove {NEXT} npm", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"role remove {NEXT} gone --yes", code=1)


def replace_my_key(stage: Stage) -> None:
    new = stage.session.folder / "new.pem"
    write_key(new)
    stage.session.run(
        stage.alice,
        f"key replace {NEXT} --key file2:{{dir}}/new.pem",
        ("[y/N]: ", "y"),
        ("[y/N]: ", "y"),
    )


def look_at_my_keys(stage: Stage) -> None:
    git(stage.alice.clone, "fetch", "--quiet")
    stage.session.run(stage.alice, "key list")


def make_a_key_in_a_file(stage: Stage) -> None:
    words = "correct horse battery"
    stage.session.run(
        stage.alice,
        "key create --file {dir}/made.pem",
        (": ", words),
        (": ", words),
    )
    stage.session.run(stage.alice, "key create --file {dir}/made.pem --no-passphrase", code=1)


def see_a_doctor(stage: Stage) -> None:
    stage.session.run(stage.alice, "doctor")
    stage.alice.key_file.unlink()
    stage.session.run(stage.alice, "doctor --no-sign", code=1)


def sign_without_network(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, f"payload {NEXT} -o {{dir}}/payload")
    stage.session.run(
        stage.alice,
        "sign --offline {dir}/payload --user @alice --key file2:{dir}/alice.pem -o {dir}/signed",
        ("[y/N]: ", "y"),
        ("[y/N]: ", "y"),
    )
    stage.session.run(stage.alice, "signature add {dir}/signed")


SCENES: Final[tuple[Scene, ...]] = (
    sign_an_event,
    sign_and_say_no,
    sign_when_nothing_waits,
    sign_what_is_refused,
    sign_what_gives_more_power,
    sign_with_a_key_that_is_not_there,
    sign_an_event_that_is_not_there,
    add_and_list_artifacts,
    add_an_artifact_of_nobody,
    remove_an_artifact,
    change_who_may_sign,
    remove_a_role,
    replace_my_key,
    look_at_my_keys,
    make_a_key_in_a_file,
    see_a_doctor,
    sign_without_network,
)


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
def stage(started: Server, alice: Holder, bob: Holder) -> Stage:
    session = Session(folder=started.folder)
    return Stage(session=session, server=started, alice=alice, bob=bob)


def expect(session: Session, name: str) -> None:
    """Compare with what is kept; fail also where a line is wider than a screen."""
    text, kept = session.text(), TRANSCRIPTS / f"{name}.txt"
    if os.environ.get("TUFLINE_UPDATE_GOLDEN"):
        TRANSCRIPTS.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_session_reads_exactly_so(stage: Stage, scene: Scene) -> None:
    scene(stage)

    expect(stage.session, scene.__name__)


@pytest.mark.parametrize("pin", ["right", "wrong"])
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
    names = {scene.__name__ for scene in SCENES}
    names |= {f"sign_with_a_token_and_the_{pin}_pin" for pin in ("right", "wrong")}
    assert {file.stem for file in TRANSCRIPTS.glob("*.txt")} == names


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
