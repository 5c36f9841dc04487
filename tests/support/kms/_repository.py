"""A repository in real git whose snapshot and timestamp keys are in services."""

import copy
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from securesystemslib.signer import Key
from tests.support.kms._signing import Limits, SigningHost
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import ONLINE, Sample, key_for
from tuf.api.metadata import Metadata, Root
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from tufline.repository.history import open_history
from tufline.repository.publish.compliance import Accepted

_NO_LIMITS = Limits()
_ARTIFACT = "file.txt"


def main_with(snapshot: Iterable[Key], timestamp: Iterable[Key]) -> Sample:
    """Return what main holds first, with these keys for the online roles, threshold 1."""
    main = first_main()

    def change(root: Root) -> None:
        for role, keys in (("snapshot", snapshot), ("timestamp", timestamp)):
            root.revoke_key(key_for(ONLINE).keyid, role)
            for key in keys:
                root.add_key(copy.deepcopy(key), role)

    main.edit("root", change, version=1)
    return main


@dataclass(kw_only=True)
class OnlineRepository:
    """A bare repository, what people push there (`pipeline`), and the process that signs."""

    server: Path
    pipeline: Pipeline
    host: SigningHost

    def sign(self, limits: Limits = _NO_LIMITS) -> Any:  # noqa: ANN401 - JSON
        """Run the job; return what it did, or raise `SigningFailed`."""
        pipeline = self.pipeline
        return self.host.sign(
            self.server, now=pipeline.now, confirmed=pipeline.confirmed, limits=limits
        )

    def run(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON
        """Run a command of `tufline` here and now; return `code`, `out` and `err`."""
        now = self.pipeline.now.isoformat()
        return self.host.run(*arguments, "-C", self.server, "--now", now)

    def command(self) -> Any:  # noqa: ANN401 - JSON
        """Run `tufline ci online-sign`."""
        return self.run("ci", "online-sign", "--confirm-root", self.pipeline.confirmed)

    def merge(self, data: bytes) -> None:
        """Let people put another artifact on main."""
        changed = self.pipeline.main.copy()
        changed.put(_ARTIFACT, data)
        self.pipeline.merge_by_force(changed)

    @property
    def commits(self) -> tuple[str, ...]:
        """What publish was and is, the newest first; nothing before the first signing."""
        if "publish" not in self.pipeline.history.branches("publish"):
            return ()
        command = ["git", "-C", str(self.server), "rev-list", "--first-parent", "publish", "^main"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return tuple(done.stdout.split())

    def load(self, role: str) -> Metadata[Any]:
        """Return a role's metadata on publish, as python-tuf reads it."""
        return Metadata.from_bytes(self._files(self.commits[0])[f"metadata/{role}.json"])

    def signers(self, role: str) -> set[str]:
        """Return the URIs of the keys that signed the role on publish; each one must verify."""
        metadata = self.load(role)
        keys = {key.keyid: key for key in self.load("root").signed.keys.values()}
        for keyid, signature in metadata.signatures.items():
            keys[keyid].verify_signature(signature, metadata.signed_bytes)
        return {_uri(keys[keyid]) for keyid in metadata.signatures}

    def expect_valid(self) -> None:
        """Every commit that publish ever was holds what clients accept, every signature good."""
        for commit in self.commits:
            self._expect_valid(self._files(commit))
        if self.commits:
            self.signers("snapshot")
            self.signers("timestamp")

    def expect_served(self, data: bytes) -> None:
        """A new client gets publish and this artifact, when it is deployed."""
        self.pipeline.publish()
        answer = self.pipeline.refresh_client()
        assert isinstance(answer, Accepted), answer
        store = self.pipeline.stores["production"].files
        assert data in {held for name, held in store.items() if name.endswith(_ARTIFACT)}

    def _expect_valid(self, files: dict[str, bytes]) -> None:
        trusted = TrustedMetadataSet(files["metadata/root.json"], EnvelopeType.METADATA)
        trusted.reference_time = self.pipeline.now - timedelta(days=6)
        trusted.update_timestamp(files["metadata/timestamp.json"])
        trusted.update_snapshot(files["metadata/snapshot.json"])
        trusted.update_targets(files["metadata/targets.json"])

    def _files(self, commit: str) -> dict[str, bytes]:
        return self.pipeline.files(commit)


@contextmanager
def online_repository(folder: Path, host: SigningHost, main: Sample) -> Iterator[OnlineRepository]:
    """Make the repository; nothing is signed online yet."""
    server = folder / "server.git"
    command = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(server)]
    subprocess.run(command, check=True)
    with open_history(server) as history:
        pipeline = Pipeline(main=main, history=history)
        yield OnlineRepository(server=server, pipeline=pipeline, host=host)


def _uri(key: Key) -> str:
    return str(key.unrecognized_fields["x-tuf-on-ci-online-uri"])
