"""The trust of a Sigstore, delivered as its clients expect: by a TUF repository over HTTP.

The repository is made by the whole pipeline: an event with the two files as artifacts, its checks,
the merge at the threshold, online signing, publishing. Metadata lies at the base URL itself.

with delivery(folder, instance) as repository:
    repository.url                       # the clients' mirror
    repository.root                      # the file that clients begin with
    repository.deliver(another)          # the next event
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.memory_forge import MemoryForge
from tests.support.pipeline import Pipeline, root_digest
from tests.support.sample import Sample
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT, Instance
from tests.support.web import served
from tuf.api.metadata import TargetFile

from tufline.repository.jobs.checks.validators import ValidatorsCheck
from tufline.repository.jobs.signing_event import Outcome, signing_event
from tufline.repository.publish import DirectoryStore

SETTINGS = b"""\
[publish]
metadata-dir = "."
production = "production"

[merge]
at-threshold = true

[[validator]]
name = "trusted-root"
paths = ["trusted_root.json"]
use = "sigstore-trusted-root"

[[validator]]
name = "signing-config"
paths = ["signing_config.v0.2.json"]
use = "sigstore-signing-config"
"""
_ROLES = ("root", "targets", "npm")


@dataclass(kw_only=True)
class Repository:
    """A published repository that can change."""

    url: str
    folder: Path
    pipeline: Pipeline
    events: int = 0

    @property
    def root(self) -> Path:
        """The first root that clients of these times can begin with."""
        return self.folder / "1.root.json"

    def deliver(self, instance: Instance) -> None:
        """Publish the instance's files, by a signing event that nobody has anything against."""
        outcome = self.propose(instance.trusted_root(), instance.signing_config())
        assert outcome.merged, outcome.status
        self.pipeline.online_sign()
        self.pipeline.publish()

    def propose(self, trusted_root: bytes, signing_config: bytes) -> Outcome:
        """Push an event with these files, signed by all; run its job."""
        self.events += 1
        name, event = f"sign/sigstore-{self.events}", self.pipeline.main.copy()
        files = {TRUSTED_ROOT: trusted_root, SIGNING_CONFIG: signing_config}
        event.files |= {f"targets/{artifact}": data for artifact, data in files.items()}
        listed = {
            artifact: TargetFile.from_data(artifact, data, ["sha256", "sha512"])
            for artifact, data in files.items()
        }
        self.pipeline.now = datetime.now(UTC).replace(microsecond=0)
        event.edit("targets", lambda targets: targets.targets.update(listed), now=self.pipeline.now)
        self.pipeline.push(name, event)
        place = replace(self.pipeline.place, checkers=(ValidatorsCheck(),))
        outcome = signing_event(place, name)
        if outcome.merged:
            self.pipeline.main = event
        return outcome


@contextmanager
def delivery(folder: Path, instance: Instance) -> Iterator[Repository]:
    """Publish the instance's files below `folder`, and serve them."""
    folder.mkdir()
    now = datetime.now(UTC).replace(microsecond=0)
    stores: dict[str, Any] = {"production": DirectoryStore(folder)}
    main = _main(now)
    confirmed = root_digest(main)
    pipeline = Pipeline(main=main, forge=MemoryForge(), stores=stores, now=now, confirmed=confirmed)
    pipeline.start(publish=True)
    with served(folder) as url:
        repository = Repository(url=url.rstrip("/"), folder=folder, pipeline=pipeline)
        repository.deliver(instance)
        yield repository


def _main(now: datetime) -> Sample:
    """Return a repository that is valid today: clients go by the real time."""
    main = Sample()
    main.files["tufline.toml"] = SETTINGS
    for role in _ROLES:
        main.edit(role, now=now)
    return main
