"""Which roles are due, and which events are opened for them."""

from datetime import timedelta

import pytest
from tests.jobs.arranging import DUE, add_online_role, changed_artifact
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import NOW, Sample
from tuf.api.metadata import Metadata, Targets

from tufline.repository.forge import Task
from tufline.repository.format import RoleName
from tufline.repository.history import InvalidBranch, Move
from tufline.repository.jobs.create_signing_events import (
    NotRenewed,
    Renewal,
    Renewals,
    create_signing_events,
)
from tufline.repository.jobs.signing_event import signing_event

LATER = timedelta(days=100)


def run(pipeline: Pipeline) -> Renewals:
    return create_signing_events(pipeline.place)


def opened(pipeline: Pipeline) -> dict[str, str]:
    return {each.role: each.event for each in run(pipeline).opened}


def only_root_is_due() -> Pipeline:
    main = first_main()
    for role in ("targets", "npm"):
        main.edit(role, now=NOW + LATER)
    pipeline = Pipeline(main=main)
    pipeline.now += DUE
    return pipeline


def test_nothing_is_due_a_second_before_the_signing_period() -> None:
    pipeline = Pipeline()
    pipeline.now += DUE - timedelta(seconds=1)

    assert run(pipeline) == Renewals(opened=(), under_way=())


def test_every_role_is_due_at_the_very_second() -> None:
    pipeline = Pipeline()
    pipeline.now += DUE

    assert opened(pipeline) == {
        "root": "sign/root-v2",
        "targets": "sign/targets-v2",
        "npm": "sign/npm-v2",
    }
    for role in ("root", "targets", "npm"):
        assert pipeline.version(role, f"sign/{role}-v2") == 2


def test_event_changes_nothing_but_its_role_which_lasts_a_whole_period_from_now() -> None:
    pipeline = only_root_is_due()
    run(pipeline)

    before, after = (
        pipeline.files(pipeline.head("main")),
        pipeline.files(pipeline.head("sign/root-v2")),
    )
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {"metadata/root.json", "metadata/root_history/2.root.json"}
    root: Metadata[Targets] = Metadata.from_bytes(after["metadata/root.json"])
    assert root.signed.expires == pipeline.now + timedelta(days=365)
    assert not any(each.signature for each in root.signatures.values())


def test_opened_event_waits_for_its_people_and_counts_as_under_way() -> None:
    pipeline = only_root_is_due()
    run(pipeline)

    assert run(pipeline) == Renewals(
        opened=(), under_way=(Renewal(role=RoleName("root"), event="sign/root-v2"),)
    )


def test_left_over_branch_is_replaced() -> None:
    pipeline = only_root_is_due()
    pipeline.commit("sign/root-v2", pipeline.main.files, onto=pipeline.head("main"))

    assert opened(pipeline) == {"root": "sign/root-v2"}
    info = pipeline.history.info(pipeline.head("sign/root-v2"))
    assert info.parents == (pipeline.head("main"),)


def test_left_over_branch_that_was_merged_long_ago_is_replaced() -> None:
    pipeline = only_root_is_due()
    old = pipeline.head("main")
    pipeline.history.move([Move(branch="sign/root-v2", old=None, new=old)])
    pipeline.main.files["README.md"] = b"about\n"
    pipeline.merge_by_force(pipeline.main)

    assert opened(pipeline) == {"root": "sign/root-v2"}


def test_branch_with_other_work_keeps_its_name_and_the_event_gets_another() -> None:
    pipeline = only_root_is_due()
    work = changed_artifact(pipeline.main)
    head = pipeline.push("sign/root-v2", work)
    pipeline.push("sign/root-v2-2", work)

    assert opened(pipeline) == {"root": "sign/root-v2-3"}
    assert pipeline.head("sign/root-v2") == head
    assert opened(pipeline) == {}


def test_role_that_another_event_renews_is_left_to_it() -> None:
    pipeline = only_root_is_due()
    event = pipeline.main.copy()
    event.edit("root", now=pipeline.now, signers=[])
    pipeline.push("sign/new-people", event)

    assert run(pipeline) == Renewals(
        opened=(), under_way=(Renewal(role=RoleName("root"), event="sign/new-people"),)
    )


def test_role_of_changed_artifacts_is_left_to_their_event() -> None:
    pipeline = Pipeline()
    pipeline.now += DUE
    event = pipeline.main.copy()
    event.files["targets/npm/new.json"] = b"new\n"
    pipeline.push("sign/artifact", event)

    assert opened(pipeline).keys() == {"root", "targets"}


def stale(pipeline: Pipeline) -> None:
    """Leave an event that changes root from an older main than the root of today."""
    old = pipeline.head("main")
    event = pipeline.main.copy()
    event.edit("root", version=9, signers=[])
    main = pipeline.main.copy()
    main.edit("root")
    pipeline.merge_by_force(main)
    pipeline.push("sign/old", event, onto=old)


def unrelated(pipeline: Pipeline) -> None:
    event = pipeline.main.copy()
    event.edit("root", signers=[])
    pipeline.commit("sign/unrelated", event.files)


def unreadable(pipeline: Pipeline) -> None:
    event = pipeline.main.copy()
    event.files["metadata/root.json"] = b"{"
    pipeline.push("sign/broken", event)


def backwards(pipeline: Pipeline) -> None:
    event = pipeline.main.copy()
    event.edit("root", version=1)
    pipeline.push("sign/backwards", event)


@pytest.mark.parametrize("attack", [stale, unrelated, unreadable, backwards])
def test_branch_that_can_never_renew_a_role_does_not_stop_its_renewal(attack: object) -> None:
    pipeline = only_root_is_due()
    assert callable(attack)
    attack(pipeline)
    pipeline.now += LATER

    assert "root" in opened(pipeline)


def test_online_signed_role_is_renewed_too() -> None:
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.now += DUE

    assert opened(pipeline)["nightly"] == "sign/nightly-v2"


def test_role_that_cannot_be_read_or_has_no_period_is_left_to_review() -> None:
    main = first_main()
    main.files["metadata/npm.json"] = b"{"
    main.edit("targets", lambda targets: _set_period(targets, "never"))
    pipeline = Pipeline(main=main)
    pipeline.now += DUE

    assert opened(pipeline).keys() == {"root"}


def _set_period(targets: Targets, period: object) -> None:
    targets.unrecognized_fields["x-tuf-on-ci-expiry-period"] = period


def test_role_that_cannot_be_renewed_does_not_stop_the_others() -> None:
    main = first_main()
    main.edit("targets", _rename_role)
    main.files["metadata/a..b.json"] = main.files["metadata/npm.json"]
    pipeline = Pipeline(main=main)
    pipeline.now += DUE

    with pytest.raises(NotRenewed, match=r"a\.\.b: ") as caught:
        run(pipeline)

    assert [type(each) for each in caught.value.problems.values()] == [InvalidBranch]
    assert {"sign/root-v2", "sign/targets-v3"} <= pipeline.history.branches().keys()


def _rename_role(targets: Targets) -> None:
    assert targets.delegations is not None
    assert targets.delegations.roles is not None
    role = targets.delegations.roles.pop("npm")
    role.name = "a..b"
    targets.delegations.roles["a..b"] = role


def test_main_without_a_root_has_nothing_to_renew() -> None:
    empty = Sample()
    empty.files = {"README": b""}
    pipeline = Pipeline(main=empty, confirmed="none")
    pipeline.now += DUE

    assert run(pipeline) == Renewals(opened=(), under_way=())


# what is asked for


def requested(pipeline: Pipeline) -> list[tuple[Task, str | None]]:
    run(pipeline)
    made = list(pipeline.forge.requested)
    pipeline.forge.requested.clear()
    return made


def test_events_are_looked_at_once_they_are_open_and_until_a_run_has_shown_them() -> None:
    pipeline = only_root_is_due()

    assert requested(pipeline) == [(Task.SIGNING_EVENT, "sign/root-v2")]
    assert requested(pipeline) == [(Task.SIGNING_EVENT, "sign/root-v2")]
    signing_event(pipeline.place, "sign/root-v2")
    assert requested(pipeline) == []


def test_many_events_are_asked_for_at_once() -> None:
    main = first_main()
    for number in range(10):
        add_online_role(main, f"nightly-{number}")
    pipeline = Pipeline(main=main)
    pipeline.now += DUE

    assert requested(pipeline) == [(Task.SIGNING_EVENT, None)]


def test_role_that_cannot_be_renewed_does_not_keep_others_from_being_looked_at() -> None:
    main = first_main()
    main.edit("targets", _rename_role)
    main.files["metadata/a..b.json"] = main.files["metadata/npm.json"]
    pipeline = Pipeline(main=main)
    pipeline.now += DUE

    with pytest.raises(NotRenewed):
        run(pipeline)

    events = {event for _, event in pipeline.forge.requested}
    assert events == {"sign/root-v2", "sign/targets-v3"}
