"""How jobs are run on a pipeline."""

from collections.abc import Callable

from tests.jobs.arranging import EVENT
from tests.support.pipeline import Pipeline

from tufline.repository.history import NoSuchRef
from tufline.repository.jobs.create_signing_events import create_signing_events
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.publishing import build
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.jobs.signing_events import signing_events

Job = Callable[[Pipeline], object]


def run_event(pipeline: Pipeline) -> object:
    return signing_event(pipeline.place, EVENT)


def run_merge(pipeline: Pipeline) -> object:
    try:
        return merge(pipeline.place, EVENT)
    except NoSuchRef:  # it was merged by the run before
        return None


def run_all(pipeline: Pipeline) -> object:
    return tuple(signing_events(pipeline.place))


def run_renewals(pipeline: Pipeline) -> object:
    return create_signing_events(pipeline.place)


def run_build(pipeline: Pipeline) -> object:
    return build(pipeline.place.history, pipeline.open_store("production"))
