"""An event that nobody has signed, and what forks may offer to it."""

from tests.jobs.arranging import EVENT, changed_artifact
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import STRANGER, Sample, key_for
from tuf.api.metadata import Metadata, Targets

from tufline.repository.jobs.signing_event import signing_event

REF = "refs/pull/7/head"
TARGETS = "metadata/targets.json"


def waiting_event(main: Sample | None = None) -> Pipeline:
    """Return an event that nobody has signed yet."""
    pipeline = Pipeline(main=main or first_main())
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), [])
    pipeline.push(EVENT, event)
    return pipeline


def sample_of(pipeline: Pipeline, branch: str = EVENT) -> Sample:
    sample = pipeline.main.copy()
    sample.files = pipeline.files(pipeline.head(branch))
    return sample


def signed(pipeline: Pipeline, *people: str, role: str = "targets") -> dict[str, bytes]:
    """Return the event's files as somebody has them who signed, in their own clone."""
    sample = sample_of(pipeline)
    sample.sign(role, sample.load(role), people)
    return sample.files


def run(pipeline: Pipeline) -> str:
    status = signing_event(pipeline.place, EVENT).status
    assert status is not None
    return status.verdict


def signers(pipeline: Pipeline, role: str = "targets") -> set[str]:
    data = pipeline.files(pipeline.head(EVENT))[f"metadata/{role}.json"]
    found = Metadata[Targets].from_bytes(data).signatures.items()
    names = {key_for(name).keyid: name for name in ("@alice", "@bob", "@carol", STRANGER, "@dave")}
    return {names[keyid] for keyid, signature in found if signature.signature}


def reason(pipeline: Pipeline, number: int = 7) -> str:
    _, said = pipeline.forge.declined[number]
    assert isinstance(said, str)
    return said
