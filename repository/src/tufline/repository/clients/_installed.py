"""One client on this machine, driven by the command line of tuf-conformance."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tufline.repository.clients._downloads import missing, wrong
from tufline.repository.clients._interface import Deployment, Program, Wanted
from tufline.repository.clients._text import shortened
from tufline.repository.clients._time import Timing
from tufline.repository.programs import bare_environment, run

_SILENT: Final = "nothing"
_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS")


class Refused(Exception):
    """The client ran, and says no; or it says yes, and has not done it. Holds what it said."""


class Installed:
    """A client whose trusted metadata lies in a folder of its own.

    Each method raises `Refused`, or `NotRun` where the program did not start or end.
    """

    def __init__(self, program: Program, folder: Path, timing: Timing, *, timeout: float) -> None:
        """Prepare `folder`, which is there and empty."""
        self._program = program
        self._timing = timing
        self._timeout = timeout
        self._home, self._metadata, self._artifacts = (
            folder / name for name in ("home", "metadata", "artifacts")
        )
        self._root = folder / "trusted_root.json"
        for each in (self._home, self._metadata, self._artifacts):
            each.mkdir()

    def init(self, root: bytes) -> None:
        """Let it trust a root."""
        self._root.write_bytes(root)
        self._run("init", "init", str(self._root))

    def refresh(self, deployment: Deployment) -> None:
        """Let it update its metadata."""
        self._run("refresh", "--metadata-url", deployment.metadata_url, "refresh")

    def download(self, deployment: Deployment, wanted: Sequence[Wanted]) -> tuple[str, ...]:
        """Let it download the artifacts; return those that it cannot be asked for.

        All at once; what it left out, for some take one name only, it is asked for again.
        """
        left = tuple(each for each in wanted if self._may_ask_for(each.path))
        untried = tuple(each.path for each in wanted if each not in left)
        while left:
            self._download(deployment, left)
            before, left = left, missing(self._artifacts, left)
            if wrongly := wrong(self._artifacts, before):
                raise Refused(f"it accepted other bytes than are listed for {_names(wrongly)}")
            if left == before:
                raise Refused(f"it says yes, but has not downloaded {_names(left)}")
        return untried

    def _may_ask_for(self, artifact: str) -> bool:
        # "-x" would be an option
        return not artifact.startswith("-") and (self._program.folders or "/" not in artifact)

    def _download(self, deployment: Deployment, wanted: Sequence[Wanted]) -> None:
        names = (argument for each in wanted for argument in ("--target-name", each.path))
        self._run(
            "download",
            *("--metadata-url", deployment.metadata_url),
            *names,
            *("--target-dir", str(self._artifacts)),
            *("--target-base-url", deployment.artifacts_url),
            "download",
        )

    def _run(self, step: str, *arguments: str) -> None:
        all_arguments = ("--metadata-dir", str(self._metadata), *arguments)
        act = self._inside if self._program.inside else self._outside
        said = act(all_arguments)
        if said is not None:
            raise Refused(f"{step}: {shortened(said, hide=str(self._home.parent)) or _SILENT}")

    def _outside(self, arguments: tuple[str, ...]) -> str | None:
        """Run the program; return what it said if it stopped."""
        ran = run(
            (*self._timing.command(self._program), *arguments),
            folder=self._home,
            environment=self._environment(),
            timeout=self._timeout,
        )
        return ran.output if ran.code else None

    def _environment(self) -> dict[str, str]:
        """Return the program's environment: of ours it gets where certificates lie."""
        certificates = {name: os.environ[name] for name in _CERTIFICATES if name in os.environ}
        timing = self._timing.environment(self._program)
        return {**bare_environment(self._home), "NO_PROXY": "*", **certificates, **timing}

    def _inside(self, arguments: tuple[str, ...]) -> str | None:
        """Run our own client in this process, which spares starting Python for each step."""
        from tufline.repository.clients._python_tuf import refusal  # noqa: PLC0415 - a network library, # fmt: skip

        try:
            return refusal(arguments, now=self._timing.utc)
        except Exception as error:  # noqa: BLE001 - a crash at what a repository holds is a no
            return f"{type(error).__name__}: {error}"


def _names(wanted: Sequence[Wanted]) -> str:
    return shortened(", ".join(each.path for each in wanted))
