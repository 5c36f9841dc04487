"""Pipelines whose clients read at a public URL, and clients of all kinds that say what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.jobs.arranging import changed_artifact
from tests.support.edge import URL, Edge
from tests.support.pipeline import SETTINGS, Pipeline, first_main

from tufline.repository.clients import (
    Accepted,
    Deployment,
    Matrix,
    Trial,
    TryClients,
    Verdict,
    Wanted,
)
from tufline.repository.jobs.publishing import Published, publish

PURGE = b'purge = { method = "PURGE" }\n'


def read_at_url(settings: bytes = b"") -> Pipeline:
    """Return a pipeline that was signed online, whose clients read at the URL."""
    main = first_main()
    main.files["tufline.toml"] = SETTINGS + f'url = "{URL}"\n'.encode() + settings
    pipeline = Pipeline(main=main)
    pipeline.start()
    return pipeline


def release(pipeline: Pipeline, edge: Edge, clients: TryClients | None = None) -> Published:
    """Run the job."""
    place = pipeline.place
    return publish(
        place.history,
        now=pipeline.now,
        open_store=place.open_store,
        outside=edge.outside(clients),
    )


def sign_new_content(pipeline: Pipeline, data: bytes = b"two\n") -> None:
    """Merge another artifact and sign it online."""
    pipeline.merge_by_force(changed_artifact(pipeline.main, data))
    pipeline.online_sign()


@dataclass
class Judges:
    """Clients that say `verdict` of any deployment. `asked` are the URLs that they were given."""

    verdict: Verdict = field(default_factory=Accepted)
    fails: Exception | None = None
    asked: list[str] = field(default_factory=list)
    published: list[Deployment | None] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)

    def __call__(
        self,
        deployment: Deployment,
        *,
        published: Deployment | None,
        wanted: Sequence[Wanted],
        now: datetime,
    ) -> Matrix:
        del now
        self.asked.append(deployment.metadata_url)
        self.published.append(published)
        self.wanted = [each.path for each in wanted]
        if self.fails:
            raise self.fails
        return Matrix(trials=(Trial(client="ours", start="new", verdict=self.verdict),))
