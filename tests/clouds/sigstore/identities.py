"""A repository in real git whose timestamp a workflow's Sigstore identity signs."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, CryptoSigner, Key, SigstoreKey
from tests.commands.running import Ran, Terminal
from tests.support.pipeline import Pipeline
from tests.support.sample import ONLINE, ROLE, Sample, key_for, keyid_of, signer_for
from tests.support.sigstore import SIGNING_CONFIG, TRUSTED_ROOT, Instance, Sigstore
from tuf.api.metadata import Metadata, Root, TargetFile, Targets, Timestamp

from tufline.online_sign._sigstore import IdentitySigner
from tufline.repository.identities import PinnedTrust

WORKFLOW: Final = "https://github.com/example/tuf/.github/workflows/online-sign.yml@refs/heads/main"
URI: Final = "sigstore:"
_FIELD: Final = "x-tuf-on-ci-online-uri"


def identity_of(issuer: str, workflow: str = WORKFLOW) -> SigstoreKey:
    """Return the workflow as a key of metadata."""
    keyval = {"identity": workflow, "issuer": issuer}
    key = SigstoreKey("", "sigstore-oidc", "Fulcio", keyval, {_FIELD: URI})
    key.keyid = keyid_of(key)
    return key


def main_of(now: datetime, settings: str, instance: Instance, timestamp: Iterable[Key]) -> Sample:
    """Return what main holds first: the instance's files, and these keys for the timestamp."""
    KEY_FOR_TYPE_AND_SCHEME.setdefault(("sigstore-oidc", "Fulcio"), SigstoreKey)  # for `Sample`
    main = Sample()
    main.files["tufline.toml"] = settings.encode()

    def change(root: Root) -> None:
        root.revoke_key(key_for(ONLINE).keyid, "timestamp")
        for key in timestamp:
            root.add_key(copy.deepcopy(key), "timestamp")

    main.edit("root", change, version=1, now=now)
    main.edit("npm", version=1, now=now)
    main.edit("targets", version=1, now=now)
    pin(main, instance.trusted_root(), instance.signing_config(), now=now)
    return main


def pin(main: Sample, trusted_root: bytes, signing_config: bytes, *, now: datetime) -> None:
    """Let targets list these files, signed by people."""
    files = {TRUSTED_ROOT: trusted_root, SIGNING_CONFIG: signing_config}
    main.files |= {f"targets/{artifact}": data for artifact, data in files.items()}
    listed = {
        artifact: TargetFile.from_data(artifact, data, ["sha256"])
        for artifact, data in files.items()
    }
    main.edit("targets", lambda targets: targets.targets.update(listed), now=now)


def delegate(event: Sample, key: Key, *, now: datetime) -> None:
    """Let the role need the key beside its person, who has signed it."""

    def change(targets: Targets) -> None:
        targets.add_key(key, ROLE)
        assert targets.delegations is not None
        assert targets.delegations.roles is not None
        targets.delegations.roles[ROLE].threshold = 2

    event.edit("targets", change, now=now)
    event.edit(ROLE, now=now)


def sign_as(event: Sample, sigstore: Sigstore, key: Key) -> None:
    """Sign the role as the workflow that this Sigstore knows."""
    instance = sigstore.instance
    trust = PinnedTrust(
        trusted_root=instance.trusted_root(), signing_config=instance.signing_config()
    )

    def token() -> str:
        return sigstore.token("none@example.com", workflow=WORKFLOW)

    metadata = event.load(ROLE)
    metadata.sign(IdentitySigner(key, trust, token), append=True)
    event.write(ROLE, metadata)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """The job of a workflow: its repository, its Sigstore, and what runs there."""

    server: Path
    production: Path
    pipeline: Pipeline
    sigstore: Sigstore
    tufline: Terminal

    @property
    def key(self) -> SigstoreKey:
        return identity_of(self.sigstore.issuer.url)

    def token(self, workflow: str = WORKFLOW) -> str:
        return self.sigstore.token("none@example.com", workflow=workflow)

    def online_sign(self) -> Ran:
        """Run `tufline ci online-sign`."""
        return self.run("ci", "online-sign", "--confirm-root", self.pipeline.confirmed)

    def publish(self) -> Ran:
        """Run `tufline ci publish`."""
        return self.run("ci", "publish")

    def preflight(self, event: str) -> Ran:
        return self.run("ci", "preflight", event)

    def merge(self, data: bytes) -> None:
        """Let people put another artifact on main."""
        changed = self.pipeline.main.copy()
        changed.files["targets/file.txt"] = data
        entry = TargetFile.from_data("file.txt", data, ["sha256"])
        now = self.pipeline.now
        changed.edit("targets", lambda each: each.targets.update({"file.txt": entry}), now=now)
        self.pipeline.merge_by_force(changed)

    def pin(self, trusted_root: bytes, signing_config: bytes) -> None:
        """Let people put another trust on main."""
        changed = self.pipeline.main.copy()
        pin(changed, trusted_root, signing_config, now=self.pipeline.now)
        self.pipeline.merge_by_force(changed)

    @property
    def published(self) -> str | None:
        """The head of the publish branch; None before the first signing."""
        found: str | None = self.pipeline.history.branches("publish").get("publish")
        return found

    def timestamp(self) -> Metadata[Timestamp]:
        files = self.pipeline.files(self.pipeline.head("publish"))
        return Metadata[Timestamp].from_bytes(files["metadata/timestamp.json"])

    def signers(self) -> set[str]:
        """Return the key ids that the published timestamp has signatures of."""
        return set(self.timestamp().signatures)

    def run(self, *arguments: Any) -> Ran:  # noqa: ANN401 - as `Terminal` takes them
        """Run `tufline` at the server."""
        now = self.pipeline.now.isoformat()
        return self.tufline(*arguments, "-C", self.server, "--now", now)


def hold_file_key(folder: Path) -> None:
    """Put the key file where its URI says."""
    online = signer_for(ONLINE)
    assert isinstance(online, CryptoSigner)
    (folder / "online").write_bytes(online.private_bytes)
