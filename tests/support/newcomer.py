"""Somebody who reads a manual and types what it says, on a machine that knows nothing yet.

    alice = newcomer(tmp_path, "alice", hub)
    alice.type("git clone https://github.com/alice/tuf\ncd tuf")

`github.com` is the emulated GitHub. Whoever is asked something by `tufline` says yes, and types
the PIN.
"""

import os
import subprocess
import sysconfig
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.github import Hub
from tests.support.tokens import PIN, make_token

_PROGRAMS: Final = (sysconfig.get_path("scripts"), "/usr/local/bin", "/usr/bin", "/bin")
# The last line keeps where a block ended, for whoever goes on from there.
_SCRIPT: Final = 'cd "$(cat "$HOME/.place")"\n{text}\npwd > "$HOME/.place"\n'
_ANSWERS: Final = """\
#!/bin/sh
case $1 in
delegate) set -- "$@" --yes ;;
sign) set -- "$@" --yes --pin-file "$HOME/pin" ;;
esac
exec {program} "$@"
"""
_CONFIGURATION: Final = """\
[user]
\tname = {login}
\temail = {login}@example.org
[url "{server}/"]
\tinsteadOf = https://github.com/
[http "{server}/"]
\textraHeader = Authorization: basic {secret}
"""


class NotAsWritten(AssertionError):
    """What was typed did not end as the manual says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """A person with a home folder; `variables` are what they exported."""

    login: str
    home: Path
    variables: Mapping[str, str]

    @property
    def place(self) -> Path:
        """The folder that they are in."""
        return Path((self.home / ".place").read_text().strip())

    def type(self, text: str, *, code: int = 0) -> str:
        """Run a block of commands; return what was shown. It must end with this exit status."""
        done = subprocess.run(
            ["sh", "-eu", "-c", _SCRIPT.format(text=text)],
            env=dict(self.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != code:
            raise NotAsWritten(f"{self.login}: {done.returncode}, not {code}:\n{text}{done.stdout}")
        return done.stdout


def newcomer(folder: Path, login: str, hub: Hub, **variables: str) -> Newcomer:
    """Give somebody a home, a hardware key that is plugged in, and a token of GitHub."""
    home = folder / login
    home.mkdir()
    token, github = make_token(home / "key", label=login, pin=PIN), hub.token(login)
    (home / "pin").write_text(f"{PIN}\n")
    (home / ".place").write_text(str(home))
    secret = b64encode(f"x-access-token:{github}".encode()).decode()
    configuration = _CONFIGURATION.format(login=login, server=hub.url, secret=secret)
    (home / ".gitconfig").write_text(configuration)
    return Newcomer(
        login=login,
        home=home,
        variables={
            "PATH": os.pathsep.join((str(_answering(home)), *_PROGRAMS)),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GITHUB_TOKEN": github,
            "GITHUB_API_URL": hub.api_url,
            "GITHUB_SERVER_URL": hub.url,
            **token.environment,
            **variables,
        },
    )


def _answering(home: Path) -> Path:
    folder = home / "bin"
    folder.mkdir()
    script = folder / "tufline"
    script.write_text(_ANSWERS.format(program=Path(_PROGRAMS[0]) / "tufline"))
    script.chmod(0o755)
    return folder
