"""Talks to the process that signs online (`host.py`)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, cast

from securesystemslib.signer import Key
from tests.support.sample import keyid_of

_ROOT: Final = Path(__file__).parents[3]
_STDERR: Final = "stderr"
_URI_FIELD: Final = "x-tuf-on-ci-online-uri"


class SigningFailed(Exception):
    """The job ended with an error: `kind` is its class, `hint` the next step."""

    def __init__(self, kind: str, message: str, hint: str | None) -> None:
        super().__init__(message)
        self.kind = kind
        self.hint = hint or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long calls of keys may take, in seconds; waits between them are `haste` times shorter."""

    budget: float = 12
    attempt: float = 10
    haste: float = 20


class SigningHost:
    """A process with the environment of a job; `folder` is where it works."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process = process
        self.folder = folder

    def import_key(self, kind: str, *arguments: object) -> Key:
        """Return the key as its service shows it, with its URI, as `delegate` writes it."""
        found = self._ask(act="import", kind=kind, arguments=list(arguments))
        fields = {**found["key"], _URI_FIELD: found["uri"]}
        key = Key.from_dict("unknown", fields)
        key.keyid = keyid_of(key)
        return key

    def sign(self, server: Path, *, now: datetime, confirmed: str, limits: Limits) -> Any:  # noqa: ANN401 - JSON
        """Run the job; return what it did, or raise `SigningFailed`."""
        return self._ask(
            act="sign",
            server=str(server),
            now=now.isoformat(),
            confirmed=confirmed,
            budget=limits.budget,
            attempt=limits.attempt,
            haste=limits.haste,
        )

    def run(self, *arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Run a command; return `code`, `out` and `err`."""
        return self._ask(act="run", arguments=[str(each) for each in arguments])

    def _ask(self, **asked: object) -> Any:  # noqa: ANN401 - JSON
        stdin, stdout = (
            cast("IO[str]", each) for each in (self._process.stdin, self._process.stdout)
        )
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        line = stdout.readline()
        assert line, f"the process has ended: {(self.folder / _STDERR).read_text()}"
        answer = json.loads(line)
        if "error" in answer:
            raise SigningFailed(answer["error"], answer["message"], answer["hint"])
        return answer


@contextmanager
def signing_host(folder: Path, variables: Mapping[str, str]) -> Iterator[SigningHost]:
    """Start the process with `folder` as its home, and nothing of ours but these variables."""
    inherited = {name: os.environ[name] for name in os.environ if _is_inherited(name)}
    environment = {
        **inherited,
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONPATH": str(_ROOT),
        "PYTHONWARNINGS": "ignore",
        **variables,
    }
    with (
        (folder / _STDERR).open("w") as said,
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.kms.host"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process,
    ):
        try:
            yield SigningHost(process, folder)
        finally:
            _end(process)


def _is_inherited(name: str) -> bool:
    return name in {"PATH", "LANG"} or name.startswith("COVERAGE_")


def _end(process: "subprocess.Popen[str]") -> None:
    """Let it end by itself: a coverage run writes what it saw then."""
    cast("IO[str]", process.stdin).close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
