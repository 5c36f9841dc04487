"""Jobs of signing events where a workflow's Sigstore identity signs a role of the event."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.clouds.sigstore.conftest import Open
from tests.clouds.sigstore.identities import (
    URI,
    Workflow,
    delegate,
    identity_of,
    pin,
    sign_as,
)
from tests.support.sample import DELEGATE, PEOPLE, ROLE, Sample, key_for
from tests.support.sigstore import python_sigstore

from tufline.online_sign._keys import KeysByUri
from tufline.online_sign._not_signed import NotSigned
from tufline.repository.forge import EventStatus
from tufline.repository.format import Owner
from tufline.repository.identities import verifier_for
from tufline.repository.jobs import load_event
from tufline.repository.jobs.events import open_events
from tufline.repository.jobs.merge import NotReady, merge
from tufline.repository.jobs.record import RECORDS, record, record_path
from tufline.repository.jobs.review import answer
from tufline.repository.jobs.shadow import shadow_event
from tufline.repository.jobs.signing_event import Outcome, signing_event
from tufline.repository.review import Ready, RoleReview, Waiting, keys_alone
from tufline.signer._asked import asked_of

EVENT = "sign/identity"
OTHER = "sign/key"


@pytest.fixture
def workflow(opened: Open) -> Workflow:
    """Return a repository with an event that is signed by all, the identity of its role too."""
    workflow = opened()
    propose(workflow, workflow.pipeline.main.copy())
    return workflow


def propose(workflow: Workflow, event: Sample, *, signers: Iterable[str] = PEOPLE) -> None:
    """Push an event by which the role needs the identity, and have that sign it."""
    pipeline = workflow.pipeline
    pipeline.keys = KeysByUri()  # type: ignore[assignment] # the same port
    delegate(event, workflow.key, now=pipeline.now)
    event.sign("targets", event.load("targets"), signers)
    pipeline.push(EVENT, event)
    assert pipeline.sign_event(EVENT) == (ROLE,)


def push_another_key(workflow: Workflow) -> None:
    """Push an event that changes who may sign the role, as main has it."""
    pipeline = workflow.pipeline
    event = Sample()
    event.files = pipeline.files(pipeline.head("main"))
    event.edit("targets", lambda each: each.add_key(key_for(PEOPLE[0]), ROLE), now=pipeline.now)
    pipeline.push(OTHER, event)


def roles_recorded(workflow: Workflow) -> Any:  # noqa: ANN401 - JSON
    """Return what the newest record says of each role."""
    pipeline = workflow.pipeline
    (commit,) = record(pipeline.place)
    data = pipeline.files(pipeline.head(RECORDS))[record_path(commit)]
    return json.loads(data)["predicate"]["review"]["roles"]


def looked_at(workflow: Workflow, event: str = EVENT) -> Outcome:
    return signing_event(workflow.pipeline.place, event)


def with_keys_alone(workflow: Workflow) -> None:
    """Let the jobs run where nothing knows a Sigstore."""
    workflow.pipeline.verifiers = keys_alone


def shown(outcome: Outcome) -> EventStatus:
    assert outcome.status is not None
    return outcome.status


def role_of(outcome: Outcome) -> RoleReview:
    assert outcome.review is not None
    return next(each for each in outcome.review.roles if each.name == ROLE)


def is_merged(workflow: Workflow) -> bool:
    return EVENT not in workflow.pipeline.history.branches(EVENT)


def test_event_is_shown_as_signed_and_ready(workflow: Workflow) -> None:
    outcome = looked_at(workflow)

    assert role_of(outcome).signed == (DELEGATE, URI)
    assert shown(outcome).verdict == Ready.word
    assert not outcome.waits_for_online_key
    assert "does not verify" not in shown(outcome).text


def test_without_the_verifier_it_is_shown_as_unverified_and_waits(workflow: Workflow) -> None:
    with_keys_alone(workflow)

    outcome = looked_at(workflow)

    assert role_of(outcome).unverified == (URI,)
    assert shown(outcome).verdict == Waiting.word
    assert "does not verify" in shown(outcome).text
    with pytest.raises(NotReady):
        merge(workflow.pipeline.place, EVENT)
    assert not is_merged(workflow)


def test_event_is_merged_published_and_recorded_as_signed(workflow: Workflow) -> None:
    pipeline = workflow.pipeline

    merge(pipeline.place, EVENT)

    assert is_merged(workflow)
    recorded = roles_recorded(workflow)
    assert recorded[ROLE]["signed"] == [DELEGATE, URI]
    assert recorded[ROLE]["ready"] is True
    assert workflow.online_sign().answer["refused"] == []
    assert workflow.publish().code == 0


def test_record_made_with_keys_alone_says_unverified(workflow: Workflow) -> None:
    merge(workflow.pipeline.place, EVENT)
    with_keys_alone(workflow)

    assert roles_recorded(workflow)[ROLE]["unverified"] == [URI]


def test_event_that_its_own_job_commits_to_is_judged_anew_by_the_same_trust(opened: Open) -> None:
    workflow = opened()
    propose(workflow, workflow.pipeline.main.copy(), signers=PEOPLE[:2])
    before = workflow.pipeline.head(EVENT)

    outcome = looked_at(workflow)

    assert workflow.pipeline.head(EVENT) != before  # it removed the empty signature
    assert shown(outcome).verdict == Ready.word


@pytest.mark.parametrize("alone", [False, True])
def test_machine_merges_at_the_threshold_what_it_can_verify(opened: Open, *, alone: bool) -> None:
    workflow = opened()
    main = workflow.pipeline.main.copy()
    main.files["tufline.toml"] += b"[merge]\nat-threshold = true\n"
    workflow.pipeline.merge_by_force(main)
    propose(workflow, main.copy())
    if alone:
        with_keys_alone(workflow)

    assert looked_at(workflow).merged is not alone

    assert is_merged(workflow) is not alone


@pytest.mark.parametrize("alone", [False, True])
def test_role_that_the_identity_signed_is_made_anew_only_where_its_signatures_do_not_count(
    workflow: Workflow, *, alone: bool
) -> None:
    """`settle` makes a new version where a delegator's change leaves a role without signatures."""
    pipeline = workflow.pipeline
    merge(pipeline.place, EVENT)
    version = pipeline.version(ROLE, "main")
    push_another_key(workflow)
    if alone:
        with_keys_alone(workflow)

    looked_at(workflow, OTHER)

    assert pipeline.version(ROLE, OTHER) == version + alone


def test_commands_show_what_they_can_verify(workflow: Workflow) -> None:
    history, now = workflow.pipeline.history, workflow.pipeline.now
    base, head = "main", workflow.pipeline.head(EVENT)

    reviewed = workflow.run("review", "--base", base, "--event", EVENT, "--json").answer
    listed = workflow.run("events", "--json").answer
    alone = answer(history, base=base, event=head, now=now).review

    assert reviewed["verdict"] == Ready.word
    assert [each["verdict"] for each in listed] == [Ready.word]
    assert alone.verdict == Waiting(frozenset({URI}), ())
    assert [each.verdict for each in open_events(history, now=now)] == [Waiting.word]
    said = [each.message for each in alone.findings if each.role == ROLE]
    assert f"the signature of {URI} could not be verified here" in said[0]
    assert "could not be verified" not in str(reviewed["findings"])


def test_signers_see_what_their_machine_can_verify(workflow: Workflow) -> None:
    history, now = workflow.pipeline.history, workflow.pipeline.now
    alone = load_event(history, EVENT)
    pinned = load_event(history, EVENT, verifiers=verifier_for)

    assert isinstance(asked_of(Owner(DELEGATE), pinned, now=now).review.verdict, Ready)
    assert isinstance(asked_of(Owner(DELEGATE), alone, now=now).review.verdict, Waiting)


def test_whole_state_is_judged_by_its_own_trust_as_main_is(workflow: Workflow) -> None:
    merge(workflow.pipeline.place, EVENT)

    whole = workflow.run("review", "--event", "main", "--json").answer

    assert whole["verdict"] == Ready.word
    history, now = workflow.pipeline.history, workflow.pipeline.now
    alone = answer(history, base=None, event="main", now=now).review
    assert [(each.rule, each.role) for each in alone.errors] == [("unsigned", ROLE)]


def test_shadow_makes_what_the_job_of_the_event_makes(workflow: Workflow) -> None:
    """Or its answer would be about other content, and the event would wait for it for ever."""
    pipeline = workflow.pipeline
    merge(pipeline.place, EVENT)
    push_another_key(workflow)
    seen = Seen()

    shadow_event(pipeline.history, OTHER, (seen,), now=pipeline.now, verifiers=pipeline.verifiers)
    pipeline.checkers = (seen,)
    looked_at(workflow, OTHER)

    assert len(seen.versions) > 1
    assert len(set(seen.versions)) == 1


class Seen:
    """A check that is never done, and notes which version of the role it would look at."""

    name = "seen"
    task = None

    def __init__(self) -> None:
        self.versions: list[int] = []

    def content(self, event: Any, found: object) -> str:  # noqa: ANN401 - any event
        del found
        self.versions.append(event.proposed.targets(ROLE).signed.version)
        return str(self.versions[-1])

    def check(self, event: Any, found: object, *, now: object) -> None:  # noqa: ANN401 - any event
        del now
        self.content(event, found)


def test_attack_event_brings_the_trust_that_its_own_signature_verifies_by(
    opened: Open, tmp_path: Path
) -> None:
    """People signed the files, which makes them main's trust once they are merged, not before."""
    workflow = opened()
    pipeline = workflow.pipeline
    event = pipeline.main.copy()
    with python_sigstore(tmp_path / "other") as other:
        instance, key = other.instance, identity_of(other.issuer.url)
        pin(event, instance.trusted_root(), instance.signing_config(), now=pipeline.now)
        delegate(event, key, now=pipeline.now)
        sign_as(event, other, key)
    pipeline.push(EVENT, event)
    found = load_event(pipeline.history, EVENT, verifiers=verifier_for)
    itself = replace(found, verifier=verifier_for(found.proposed))
    assert isinstance(itself.review(now=pipeline.now).verdict, Ready)

    outcome = looked_at(workflow)

    assert role_of(outcome).unverified == (URI,)
    assert shown(outcome).verdict == Waiting.word
    with pytest.raises(NotReady):
        merge(pipeline.place, EVENT)
    assert not is_merged(workflow)
    reviewed = workflow.run("review", "--base", "main", "--event", EVENT, "--json").answer
    assert reviewed["verdict"] == Waiting.word
    with pytest.raises(NotSigned):  # nor is it signed for it
        pipeline.sign_event(EVENT)
