"""Where a Sigstore client works, and what it says."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tuf.ngclient import Updater

_PATIENCE = 120  # seconds
_OFFLINE = ("unshare", "-rn")

PROVENANCE = "https://slsa.dev/provenance/v1"
PREDICATE = {
    "buildDefinition": {"buildType": "https://example.org/build", "externalParameters": {}},
    "runDetails": {"builder": {"id": "https://example.org/builder"}},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a client answered."""

    accepted: bool
    output: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a client works: its home, the repository's URL, and the root that it begins with."""

    home: Path
    url: str
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        self.home.mkdir(parents=True, exist_ok=True)
        path = os.environ["PATH"]
        return {"PATH": path, "HOME": str(self.home), "TUF_ROOT": str(self.home / "tuf")}

    def download(self, artifact: str) -> Path:
        """Get a target as any TUF client does, for those that take files."""
        metadata, targets = self.home / "metadata", self.home / "targets"
        targets.mkdir(parents=True, exist_ok=True)
        updater = Updater(
            str(metadata),
            f"{self.url}/",
            str(targets),
            f"{self.url}/targets/",
            bootstrap=self.root.read_bytes(),
        )
        found = updater.get_targetinfo(artifact)
        assert found is not None, artifact
        return Path(updater.download_target(found, str(targets / artifact)))

    def downloaded(self, artifact: str) -> Path:
        return self.home / "targets" / artifact

    def statement(self, artifact: Path) -> Path:
        """Write a statement about a file (in-toto), for those that do not make it themselves."""
        digest = sha256(artifact.read_bytes()).hexdigest()
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / "statement.json"
        stated = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": artifact.name, "digest": {"sha256": digest}}],
            "predicateType": PROVENANCE,
            "predicate": PREDICATE,
        }
        path.write_text(json.dumps(stated))
        return path

    def run(
        self,
        command: Sequence[str | Path],
        *,
        offline: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> Said:
        """Run a client's program."""
        words = [*(_OFFLINE if offline else ()), *map(str, command)]
        done = subprocess.run(
            words,
            check=False,
            cwd=self.home.parent,
            env={**self.environment, **(variables or {})},
            capture_output=True,
            timeout=_PATIENCE,
        )
        output = (done.stdout + done.stderr).decode(errors="replace")
        return Said(accepted=done.returncode == 0, output=output)


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who signs: a name, and the issuer that says so."""

    name: str
    issuer: str
