"""Every job with something to do: what it finds, and how it is run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.jobs.arranging import (
    DUE,
    EVENT,
    add_online_role,
    changed_artifact,
    offer,
    replace_online_key,
    started,
    with_settings,
)
from tests.jobs.running import Job, run_all, run_build, run_event, run_merge, run_renewals
from tests.support.memory_forge import MemoryForge
from tests.support.memory_store import MemoryStore
from tests.support.pipeline import DAY, Pipeline, first_main
from tests.support.sample import Sample

from tufline.repository.forge import Contribution
from tufline.repository.history import Commit, Move
from tufline.repository.jobs.signing_event import signing_event

SCENARIOS: dict[str, tuple[Callable[[], Pipeline], Job]] = {}


@dataclass(frozen=True, slots=True)
class scenario:  # noqa: N801 - a decorator
    """Register what a job finds, as a scenario of this job."""

    job: Job

    def __call__(self, found: Callable[[], Pipeline]) -> Callable[[], Pipeline]:
        SCENARIOS[found.__name__] = (found, self.job)
        return found


@scenario(run_event)
def event_with_artifacts_only() -> Pipeline:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    event.files["targets/npm/new.json"] = b"new\n"
    pipeline.push(EVENT, event)
    return pipeline


@scenario(run_event)
def event_with_artifacts_that_is_behind_main() -> Pipeline:
    pipeline = Pipeline()
    old = pipeline.head("main")
    event = pipeline.main.copy()
    event.files["targets/npm/new.json"] = b"new\n"
    main = pipeline.main.copy()
    main.put("npm/keys.json", b"later\n")
    pipeline.merge_by_force(main)
    pipeline.push(EVENT, event, onto=old)
    return pipeline


@scenario(run_event)
def event_that_is_ready_with_empty_signatures() -> Pipeline:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    pipeline.push(EVENT, event)
    return pipeline


@scenario(run_event)
def event_that_merges_at_threshold() -> Pipeline:
    pipeline = Pipeline(main=with_settings(b"[merge]\nat-threshold = true\n"))
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    return pipeline


@scenario(run_event)
def event_that_vanished() -> Pipeline:
    pipeline = event_with_artifacts_only()
    run_event(pipeline)
    pipeline.history.move([Move(branch=EVENT, old=pipeline.head(EVENT), new=None)])
    return pipeline


@scenario(run_event)
def event_that_three_forks_offer_signatures_to() -> Pipeline:
    pipeline = Pipeline()
    event = changed_artifact(pipeline.main)
    event.sign("targets", event.load("targets"), [])
    pipeline.push(EVENT, event)
    for number, people in ((7, ["@alice"]), (8, ["@mallory"]), (9, ["@bob"])):
        event.sign("targets", event.load("targets"), people)
        offer(pipeline, event.files, number=number)
    return pipeline


@scenario(run_event)
def event_whose_signer_has_to_sign_again() -> Pipeline:
    pipeline = event_with_artifacts_only()
    run_event(pipeline)
    event = Sample()
    event.files = pipeline.files(pipeline.head(EVENT))
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline.commit(EVENT, event.files)
    run_event(pipeline)
    pipeline.commit(EVENT, {**event.files, "targets/file.txt": b"three\n"})
    return pipeline


@scenario(run_event)
def event_that_the_forge_merges_at_threshold() -> Pipeline:
    pipeline = event_that_merges_at_threshold()
    pipeline.forge = MemoryForge(merges_in=pipeline.history)
    return pipeline


@scenario(run_event)
def event_that_the_forge_has_merged() -> Pipeline:
    pipeline = ready_event()
    pipeline.start()
    forge = MemoryForge(merges_in=pipeline.history)
    forge.merge(EVENT, head=pipeline.head(EVENT), message="Merged by a button")
    other = pipeline.main.copy()
    other.edit("npm", signers=[])
    pipeline.push("sign/other", other)
    signing_event(pipeline.place, "sign/other")
    return pipeline


@scenario(run_all)
def events_of_many_kinds() -> Pipeline:
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.push("sign/a", changed_artifact(main))
    pipeline.push("sign/held", changed_artifact(main, b"three\n"))
    nightly = main.copy()
    nightly.edit("nightly", signers=[])
    pipeline.push("sign/online", nightly)
    waiting = main.copy()
    waiting.edit("npm", signers=[])
    pipeline.push(EVENT, waiting)
    waiting.sign("npm", waiting.load("npm"), ["@dave"])
    offer(pipeline, waiting.files)
    pipeline.push("sign/gone", main)
    signing_event(pipeline.place, "sign/gone")
    pipeline.history.move([Move(branch="sign/gone", old=pipeline.head("sign/gone"), new=None)])
    return pipeline


def propose(
    pipeline: Pipeline,
    files: Mapping[str, bytes],
    *,
    number: int = 7,
    onto: Commit | None = None,
    merging: Iterable[Commit] = (),
) -> Contribution:
    """Propose a commit with exactly these files to main, on its head, by a pull request."""
    branch = f"other-{number}"
    head = pipeline.commit(branch, files, onto=onto or pipeline.head("main"), merging=merging)
    pipeline.history.move([Move(branch=branch, old=head, new=None)])
    proposal = Contribution(number=number, ref=f"refs/pull/{number}/head", head=head, who="eve")
    pipeline.forge.proposed.append(proposal)
    pipeline.history.offered[proposal.ref] = head
    return proposal


@scenario(run_all)
def pull_requests_that_are_no_events() -> Pipeline:
    pipeline = started()
    pipeline.push("sign/a", changed_artifact(pipeline.main))
    files = pipeline.main.files
    propose(pipeline, {**files, "README.md": b"new\n"}, number=7)
    propose(pipeline, {**files, "targets/file.txt": b"new\n"}, number=8)
    lost = propose(pipeline, {**files, "LICENSE": b"new\n"}, number=9)
    pipeline.history.lose(lost.head)
    return pipeline


@scenario(run_merge)
def ready_event_that_the_forge_merges() -> Pipeline:
    pipeline = ready_event()
    pipeline.forge = MemoryForge(merges_in=pipeline.history)
    return pipeline


@scenario(run_merge)
def ready_event() -> Pipeline:
    pipeline = Pipeline()
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    run_event(pipeline)
    return pipeline


@scenario(run_renewals)
def several_roles_are_due() -> Pipeline:
    pipeline = Pipeline()
    pipeline.now += DUE
    return pipeline


@scenario(run_renewals)
def role_is_under_way_in_an_event_that_nobody_has_looked_at() -> Pipeline:
    pipeline = several_roles_are_due()
    event = pipeline.main.copy()
    event.edit("root", now=pipeline.now, signers=[])
    pipeline.push("sign/root", event)
    return pipeline


@scenario(run_renewals)
def role_is_due_and_a_branch_was_left_over() -> Pipeline:
    pipeline = several_roles_are_due()
    pipeline.commit("sign/root-v2", pipeline.main.files, onto=pipeline.head("main"))
    return pipeline


@scenario(Pipeline.sign_main)
def first_online_signing() -> Pipeline:
    return Pipeline()


@scenario(Pipeline.sign_main)
def new_content_to_sign_online() -> Pipeline:
    pipeline = started(publish=True)
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    return pipeline


@scenario(Pipeline.sign_main)
def timestamp_is_due() -> Pipeline:
    pipeline = started(publish=True)
    pipeline.now += 5 * DAY
    return pipeline


@scenario(Pipeline.sign_main)
def main_is_refused_and_timestamp_is_due() -> Pipeline:
    pipeline = timestamp_is_due()
    broken = changed_artifact(pipeline.main)
    broken.sign("targets", broken.load("targets"), [])
    pipeline.merge_by_force(broken)
    return pipeline


@scenario(Pipeline.sign_main)
def online_key_was_replaced() -> Pipeline:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed)
    pipeline.merge_by_force(changed)
    return pipeline


@scenario(lambda pipeline: pipeline.sign_event(EVENT))
def event_that_waits_for_an_online_key() -> Pipeline:
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    event = main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    return pipeline


@scenario(Pipeline.publish)
def first_publication() -> Pipeline:
    return started()


@scenario(Pipeline.publish)
def new_root_and_content_to_publish() -> Pipeline:
    pipeline = online_key_was_replaced()
    pipeline.online_sign()
    return pipeline


@scenario(run_build)
def content_to_build() -> Pipeline:
    pipeline = new_content_to_sign_online()
    pipeline.online_sign()
    pipeline.stores["production"] = MemoryStore()
    return pipeline


@scenario(Pipeline.tick)
def everything_at_once() -> Pipeline:
    pipeline = event_that_waits_for_an_online_key()
    pipeline.main.files["tufline.toml"] = b'[publish]\nproduction = "production"\n'
    pipeline.merge_by_force(pipeline.main)
    other = pipeline.main.copy()
    other.files["targets/file.txt"] = b"two\n"
    pipeline.push("sign/artifact", other)
    pipeline.now += DUE
    return pipeline
