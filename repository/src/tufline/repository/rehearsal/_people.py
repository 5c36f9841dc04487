"""People of the rehearsal: each has a machine, a clone, a token, and a PIN in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tufline.repository.rehearsal._machine import Machine
from tufline.repository.rehearsal._screen import Screen
from tufline.repository.rehearsal._server import Server
from tufline.repository.rehearsal._tokens import SoftToken, make_token

_PIN: Final = "123456"
_SETTINGS: Final = ".tufline-sign.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who may push to the server, and perhaps sign.

    Attributes:
        name: as the metadata names them, "@alice".
        machine: where they type, in their clone.
        trusted_root: the SHA-256 of the root to trust, as others told them; None where main does
            not say where it is published, so that nothing is compared.
    """

    name: str
    machine: Machine
    trusted_root: str | None = None

    @property
    def clone(self) -> Path:
        """Their clone of the repository."""
        return self.machine.folder

    def sign(self, event: str, *, code: int = 0) -> Screen:
        """Accept and sign what an event asks of them."""
        pin = ("--pin-file", "../pin")
        told = ("--root-fingerprint", self.trusted_root) if self.trusted_root else ()
        return self.machine.tufline("sign", event, "--yes", *pin, *told, code=code)

    def propose(self, command: str, *arguments: str) -> Screen:
        """Run one of the commands that push a change to an event."""
        return self.machine.tufline(*command.split(), *arguments, "--yes")

    def start_from(self, branch: str) -> None:
        """Check out what the server's branch holds, as a branch of their own."""
        self.machine.git("fetch", "--quiet", "origin")
        self.machine.git("checkout", "--quiet", "-B", "work", f"origin/{branch}")

    def push(self, files: Mapping[str, bytes], message: str, *, to: str) -> Screen:
        """Commit files over what is checked out, and push that to a branch."""
        for path, data in files.items():
            file = self.clone / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        self.machine.git("add", "--", *files)
        self.machine.git("commit", "--quiet", "--signoff", "--message", message)
        return self.machine.git("push", "--quiet", "origin", f"HEAD:{to}")

    def with_new_token(self) -> "Person":
        """Return the person with another token plugged in, and the old one in a drawer."""
        token = _token(self.machine.home / "new-token", self.name, "new token")
        return replace(self, machine=_plugged_in(self.machine, token))


def welcome(server: Server, folder: Path, name: str) -> Person:
    """Give somebody a machine, a token and a clone of the server's repository."""
    home = folder / name.removeprefix("@")
    home.mkdir()
    (home / "pin").write_text(f"{_PIN}\n")
    machine = replace(server.machine, who=name, home=home, folder=home, variables={})
    _clone(machine, server)
    machine = replace(machine, folder=home / "clone")
    (machine.folder / _SETTINGS).write_text(f'user-name = "{name}"\n')
    token = _token(home / "token", name, "token")
    return Person(name=name, machine=_plugged_in(machine, token))


def _clone(machine: Machine, server: Server) -> None:
    """Clone, with what git needs to know of who commits."""
    name = machine.who.removeprefix("@")
    machine.git(
        *("clone", "--quiet"),
        *("--config", f"user.name={name.capitalize()}"),
        *("--config", f"user.email={name}@example.com"),
        *server.clone_options(machine.who),
        *(server.address, "clone"),
    )


def _token(folder: Path, name: str, kind: str) -> SoftToken:
    return make_token(folder, label=f"{kind} of {name.removeprefix('@')}", pin=_PIN)


def _plugged_in(machine: Machine, token: SoftToken) -> Machine:
    return replace(machine, variables=dict(token.environment))
