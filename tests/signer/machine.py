"""A machine without network or clone, to which a payload is carried."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from tests.signer.helpers import NOW, Outcome
from tests.support.sample import Sample, signer_for

from tufline.repository.commands import main
from tufline.repository.format import Owner
from tufline.repository.history import Commit
from tufline.repository.jobs import Event
from tufline.repository.review import Lineage, keys_alone
from tufline.repository.settings import read_settings
from tufline.signer.commands._carried import seen_of
from tufline.signer.detached import (
    pack,
)

BOB = Owner("@bob")
NAME = "sign/change"


def event_of(base: Sample, proposed: Sample, **other: Any) -> Event:  # noqa: ANN401 - the event's
    known_good = base.state()
    fields: dict[str, Any] = {
        "name": NAME,
        "main": Commit("a" * 40),
        "head": Commit("b" * 40),
        "behind": False,
        "known_good": known_good,
        "proposed": proposed.state(),
        "lineage": Lineage(),
        "settings": read_settings(known_good),
    }
    return Event(**(fields | other))


def changed(base: Sample) -> Sample:
    """Return an event with a new artifact that nobody has signed."""
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), [])
    return event


def look(event: Event) -> object:
    return seen_of(event, person=BOB, now=NOW)


def packed(base: Sample, proposed: Sample, **other: Any) -> bytes:  # noqa: ANN401 - the event's
    return pack(event_of(base, proposed, **other), keys_alone, look)


BASE = Sample()
EVENT = changed(BASE)


class Machine:
    """A machine without a clone: a medium, a key, what is trusted."""

    def __init__(self, folder: Path) -> None:
        self.medium = folder / "medium"
        self.medium.mkdir()
        self.key = folder / "bob.pem"
        self.key.write_bytes(signer_for("@bob").private_bytes)
        self.output = self.medium / "signatures"

    def bring(self, base: Sample = BASE, proposed: Sample = EVENT, name: str = "payload") -> Path:
        file = self.medium / name
        file.write_bytes(packed(base, proposed))
        return file

    def words(self, payload: Path, *more: str | Path) -> list[str]:
        key = f"file2:{self.key}"
        words = ["sign", "--offline", payload, "-o", self.output, "--user", "@bob", "--key", key]
        return [*map(str, [*words, "--now", NOW.isoformat(), *more])]

    def sign(self, capsys: pytest.CaptureFixture[str], payload: Path, *more: str | Path) -> Outcome:
        capsys.readouterr()
        code = main(self.words(payload, "--yes", *more))
        found = capsys.readouterr()
        return Outcome(code, found.out, found.err)

    def refuses(self, capsys: pytest.CaptureFixture[str], payload: Path, *more: str | Path) -> str:
        """Return why nothing is signed."""
        outcome = self.sign(capsys, payload, *more)
        assert outcome.code != 0, outcome.out
        assert not self.output.exists()
        return outcome.err


def first_use(sample: Sample = BASE) -> tuple[str, str]:
    root = sample.files["metadata/root_history/1.root.json"]
    return "--root-fingerprint", hashlib.sha256(root).hexdigest()


# what is carried is what is reviewed
