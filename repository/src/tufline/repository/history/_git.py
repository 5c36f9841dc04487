"""The one place that runs the git program.

Every call gets an argument list, an environment of the variables we chose, and a folder that does
not depend on where Tufline was started. A call that fails raises the error its cause deserves.
"""

import os
import re
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, NamedTuple

from tufline.repository.history._diagnosis import diagnosis
from tufline.repository.history._errors import GitFailed, GitMissing, GitTooOld

_OLDEST: Final = (2, 36)

# Where programs, settings, keys and the network are. Nothing else is inherited: a hook runs with
# GIT_DIR, GIT_INDEX_FILE, GIT_QUARANTINE_PATH and the like set for another repository.
_INHERITED: Final = (
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_SSH", "GIT_SSH_COMMAND", "SSH_AUTH_SOCK", "GIT_ASKPASS", "SSH_ASKPASS", "DISPLAY"),
    *("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "no_proxy"),
    *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)
_CHOSEN: Final = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    # What a commit says is what its bytes say, whatever the clone's owner grafted over it.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
}
_OPTIONS: Final = (
    # The clone's hooks guard what its owner does in the work tree, which we never look at.
    *("-c", f"core.hooksPath={os.devnull}"),
    # The graph is a cache that git believes: who could write there could make any commit merged.
    *("-c", "core.commitGraph=false"),
    # Else git warns of the grafts that we have it not read, in each error that we show.
    *("-c", "advice.graftFileDeprecated=false"),
)

# Linux gives smaller pipes to a user who has very many; asking makes that an error, not a deadlock.
_PIPE: Final = 65536


class Answer(NamedTuple):
    """What a git call that was allowed to fail in a known way came back with."""

    code: int
    output: str
    stderr: str


class Child:
    """A git process that answers one request after the other."""

    def __init__(
        self, command: Sequence[str], process: "subprocess.Popen[bytes]", errors: IO[bytes]
    ) -> None:
        assert process.stdin is not None  # noqa: S101 - tells mypy that both are pipes
        assert process.stdout is not None  # noqa: S101 - as above
        self._requests = process.stdin
        self._answers = process.stdout
        self._command = command
        self._process = process
        self._errors = errors

    def send(self, request: bytes) -> None:
        """Hand over a request. It must fit a pipe unless the answer comes only at its end."""
        try:
            self._requests.write(request)
            self._requests.flush()
        except BrokenPipeError:
            raise self._failure() from None

    def line(self) -> bytes:
        """Return the next line of the answer without its end."""
        line = self._answers.readline()
        if not line.endswith(b"\n"):
            raise self._failure()
        return line[:-1]

    def objects(self, count: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield that many answers of `cat-file`: `<id> <kind>` and the bytes, or `<id> missing`.

        One function, because a review reads a hundred thousand of them.
        """
        line, read = self._answers.readline, self._answers.read
        for _ in range(count):
            header = line()
            described, _, size = header[:-1].rpartition(b" ")
            if size == b"missing":
                yield header[:-1], b""
                continue
            length = int(size) if size.isdigit() else -1
            data = read(length + 1)
            if length < 0 or len(data) != length + 1:
                raise self._failure()
            yield described, data[:-1]

    def close(self) -> None:
        """End the process and wait for it. Closing twice is harmless."""
        if not self._errors.closed:
            with self._errors, self._process:
                self._process.kill()

    def _failure(self) -> Exception:
        code = self._process.wait()
        self._errors.seek(0)
        return diagnosis(GitFailed(self._command, code, _text(self._errors.read())))


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpToken:
    """How a server is told who we are: a token for all its URLs.

    Attributes:
        server: where its URLs begin, "https://github.com".
        token: the secret. Git is given it by its environment, which other users cannot see.
    """

    server: str
    token: str = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """What git's environment needs."""
        login = b64encode(f"x-access-token:{self.token}".encode()).decode()
        header = f"http.{self.server.rstrip('/')}/.extraHeader"
        return {
            "GIT_CONFIG_COUNT": "2",
            # git-config(1): an empty value drops the headers that a clone has for this server
            "GIT_CONFIG_KEY_0": header,
            "GIT_CONFIG_VALUE_0": "",
            "GIT_CONFIG_KEY_1": header,
            "GIT_CONFIG_VALUE_1": f"Authorization: Basic {login}",
        }


class Git:
    """The git program, in one repository."""

    def __init__(self, folder: Path, *location: str, token: HttpToken | None = None) -> None:
        self._folder = folder
        self._location = location
        self._login = {} if token is None else token.environment

    def run(self, *arguments: str, data: bytes = b"", env: Mapping[str, str] = {}) -> str:
        """Return what git printed, which is not decoded further than bytes allow."""
        return self.ask(*arguments, data=data, env=env, codes=(0,)).output

    def ask(
        self,
        *arguments: str,
        codes: Container[int],
        data: bytes = b"",
        env: Mapping[str, str] = {},
    ) -> Answer:
        """Return git's answer; any exit status but `codes` is a failure."""
        try:
            done = subprocess.run(  # noqa: S603 - no shell; names follow `--` or are checked
                self._command(arguments),
                input=data,
                env={**_environment(), **self._login, **env},
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitMissing from None
        answer = Answer(done.returncode, _text(done.stdout), _text(done.stderr))
        if answer.code not in codes:
            failure = GitFailed(arguments, answer.code, answer.stderr)
            raise diagnosis(failure) from failure
        return answer

    def start(self, *arguments: str) -> Child:
        """Start a git process to talk to. The caller closes it."""
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, and no argument from outside
                self._command(arguments),
                env=_environment() | self._login,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                pipesize=_PIPE,
            )
        except FileNotFoundError:
            errors.close()
            raise GitMissing from None
        return Child(arguments, process, errors)

    @contextmanager
    def talk(self, *arguments: str) -> Iterator[Child]:
        """Give a git process to talk to, and end it afterwards."""
        child = self.start(*arguments)
        try:
            yield child
        finally:
            child.close()

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return ["git", "-C", str(self._folder), *self._location, *_OPTIONS, *arguments]


def check_version(git: Git) -> None:
    """Raise `GitTooOld` unless the program is new enough."""
    answer = git.run("version")
    found = re.match(r"git version (\d+)\.(\d+)", answer)
    if not found or (int(found[1]), int(found[2])) < _OLDEST:
        raise GitTooOld(answer.removeprefix("git version ").strip())


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | _CHOSEN


def _text(output: bytes) -> str:
    """Return the output as text that keeps every byte: names in git need not be UTF-8."""
    return output.decode(errors="surrogateescape")
