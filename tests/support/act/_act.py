"""One run of `act` in host mode: its environment is made here and inherits nothing."""

import json
import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.act._tools import ACT, Tools

_LONGEST: Final = 300  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class ActRun:
    """What `act` is given.

    Attributes:
        folder: where it all lies, and what the run leaves.
        workflow: the text of the workflow file.
        job: which job is to run, after those that it needs.
        payload: the event as steps can read it.
        secrets: among them the job's token.
        github: GITHUB_* variables.
        variables: what else is in the environment of steps.
        actions: the folder that stands in for each repository of actions.
        configuration: variables of the repository.
    """

    folder: Path
    workflow: str
    job: str
    event: str
    payload: Mapping[str, Any]
    secrets: Mapping[str, str]
    github: Mapping[str, str]
    variables: Mapping[str, str]
    actions: Mapping[str, Path]
    configuration: Mapping[str, str]

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def run(self, tools: Tools) -> None:
        """Run it to its end; the log says how that was."""
        for name in ("home", "work"):
            (self.folder / name).mkdir(parents=True)
        self._write("workflow.yml", self.workflow)
        self._write("event.json", json.dumps(self.payload, indent=2))
        self._write("secrets", "".join(f"{k}={shlex.quote(v)}\n" for k, v in self.secrets.items()))
        with self.log.open("wb") as log:
            subprocess.run(
                self._command(),
                cwd=self.folder / "work",
                env={**tools.environment, "HOME": str(self.folder / "home"), **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=_LONGEST,
                check=False,  # a job that fails is an answer, too
            )
        (self.folder / "secrets").unlink()

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def _command(self) -> list[str]:
        folder = self.folder
        github = [f"--env={name}={value}" for name, value in self.github.items()]
        actions = [f"--local-repository={name}={at}" for name, at in self.actions.items()]
        values = [f"--var={name}={value}" for name, value in self.configuration.items()]
        return [
            *(str(ACT), self.event, f"--workflows={folder / 'workflow.yml'}", f"--job={self.job}"),
            *(f"--eventpath={folder / 'event.json'}", f"--secret-file={folder / 'secrets'}"),
            *(f"--action-cache-path={folder / 'act'}", "--action-offline-mode"),
            *("--platform=ubuntu-latest=-self-hosted", "--no-cache-server", "--no-skip-checkout"),
            *(f"--{name}-file={os.devnull}" for name in ("env", "var", "input")),
            *("--log-prefix-job-id", "--rm"),
            *github,
            *actions,
            *values,
        ]
