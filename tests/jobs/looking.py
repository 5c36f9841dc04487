"""Running the job of one event, and what it shows then."""

from tests.jobs.arranging import EVENT
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import Sample
from tuf.api.metadata import Metadata, Targets

from tufline.repository.forge import EventStatus
from tufline.repository.jobs.signing_event import Outcome, signing_event


def run(pipeline: Pipeline, name: str = EVENT) -> Outcome:
    return signing_event(pipeline.place, name)


def pushed(event: Sample, main: Sample | None = None) -> Pipeline:
    pipeline = Pipeline(main=main or first_main())
    pipeline.push(EVENT, event)
    return pipeline


def status(pipeline: Pipeline) -> EventStatus:
    statuses: dict[str, EventStatus] = pipeline.forge.statuses()
    return statuses[EVENT]


def targets_of(pipeline: Pipeline, role: str = "targets") -> Metadata[Targets]:
    data = pipeline.files(pipeline.head(EVENT))[f"metadata/{role}.json"]
    return Metadata[Targets].from_bytes(data)
