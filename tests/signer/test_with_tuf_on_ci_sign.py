"""An event that some sign with tuf-on-ci's own tool, version 0.21, and others with ours."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.signer.helpers import NEXT, Holder, Server, root_of

from tufline.repository.format import key_owner

PEER: Final = Path(__file__).parents[2] / ".tools" / "tuf-on-ci-sign" / "bin" / "tuf-on-ci-sign"
pytestmark = pytest.mark.skipif(
    not PEER.exists(), reason="TUF-ON-CI-SIGN IS NOT INSTALLED: run make tools"
)
Sign = Callable[[Server, Holder], None]


@pytest.fixture(autouse=True)
def _offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it think that it has asked for a newer version of itself today."""
    for variable in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    answer = tmp_path / "XDG_CACHE_HOME" / "tuf-on-ci-sign" / "pypi_release_version"
    answer.parent.mkdir(parents=True)
    answer.write_text("0.21.0")


def with_ours(_server: Server, person: Holder) -> None:
    person.yes("sign", NEXT)


def with_theirs(server: Server, person: Holder) -> None:
    """Sign as their manual says; the one question is whether to push."""
    keys = root_of(server, "main").keys.values()
    (keyid,) = (key.keyid for key in keys if key_owner(key) == person.name)
    (person.clone / ".tuf-on-ci-sign.ini").write_text(
        f"[settings]\nuser-name = {person.name}\npush-remote = origin\npull-remote = origin\n"
        f"pykcs11lib = /nonexistent\n[signing-keys]\n{keyid} = file2:{person.key_file}\n"
    )
    command = [str(PEER), NEXT]
    done = subprocess.run(
        command, cwd=person.clone, input="\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "order", [(with_ours, with_theirs), (with_theirs, with_ours), (with_theirs, with_theirs)]
)
def test_event_is_ready_whoever_signs_it_with_which_tool(
    started: Server, alice: Holder, bob: Holder, tmp_path: Path, order: tuple[Sign, Sign]
) -> None:
    artifact = tmp_path / "release.txt"
    artifact.write_text("one\n")
    alice.yes("target", "add", NEXT, artifact)

    for person, sign in zip((alice, bob), order, strict=True):
        assert started.review(NEXT).verdict.word == "waiting"
        sign(started, person)

    review = started.review(NEXT)
    assert review.errors == ()
    assert review.verdict.word == "ready"


def test_our_tool_reads_the_settings_of_theirs(
    started: Server, alice: Holder, bob: Holder, tmp_path: Path
) -> None:
    artifact = tmp_path / "release.txt"
    artifact.write_text("one\n")
    alice.yes("target", "add", NEXT, artifact)
    with_theirs(started, alice)
    (alice.clone / ".tufline-sign.toml").unlink()

    outcome = alice.run("sign", NEXT, "--yes")

    assert outcome.code == 0, outcome.err
    assert "nothing more for @alice to sign now" in outcome.out
    with_ours(started, bob)
    assert started.review(NEXT).verdict.word == "ready"
