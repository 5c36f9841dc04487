"""What the pipeline does to a pushed event, and what it shows."""

import pytest
from tests.jobs.arranging import EVENT, changed_artifact, with_settings
from tests.jobs.looking import pushed, run, status, targets_of
from tests.jobs.scenarios import event_with_artifacts_that_is_behind_main
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import key_for
from tuf.api.metadata import Root

from tufline.repository.edit import UnknownHashAlgorithm, UnusablePeriods
from tufline.repository.history import Move
from tufline.repository.jobs import NotAnEvent, load_event

# metadata follows


def test_metadata_follows_artifacts_that_were_pushed_alone() -> None:
    event = first_main()
    event.files["targets/file.txt"] = b"two\n"
    event.files["targets/npm/new.json"] = b"new\n"
    del event.files["targets/dir-less.json"]
    pipeline = pushed(event)

    outcome = run(pipeline)

    targets, npm = targets_of(pipeline), targets_of(pipeline, "npm")
    assert (targets.signed.version, npm.signed.version) == (2, 2)
    targets.signed.targets["file.txt"].verify_length_and_hashes(b"two\n")
    npm.signed.targets["npm/new.json"].verify_length_and_hashes(b"new\n")
    assert "dir-less.json" not in targets.signed.targets
    assert outcome.status == status(pipeline)
    assert outcome.status.verdict == "waiting"


def test_metadata_that_cannot_follow_is_a_failure_and_not_a_wait_for_nobody() -> None:
    main = first_main()
    main.edit("npm", lambda npm: npm.unrecognized_fields.clear())
    event = main.copy()
    event.files["targets/npm/keys.json"] = b"two\n"
    pipeline = pushed(event, main)
    before = pipeline.head(EVENT)

    with pytest.raises(UnusablePeriods, match="npm"):
        run(pipeline)
    assert pipeline.head(EVENT) == before
    assert status(pipeline).verdict == "waiting"


def test_commit_of_the_pipeline_is_on_top_of_the_push_and_signed_off() -> None:
    event = first_main()
    event.files["targets/file.txt"] = b"two\n"
    pipeline = pushed(event)
    pushed_at = pipeline.head(EVENT)
    run(pipeline)

    info = pipeline.history.info(pipeline.head(EVENT))
    assert info.parents == (pushed_at,)
    assert info.message == "Update metadata\n\nSigned-off-by: tufline <tufline@localhost>\n"


def test_role_under_changed_signers_gets_a_new_version_before_anybody_is_asked() -> None:
    event = first_main()

    def only_strangers(root: Root) -> None:
        for name in ("@alice", "@bob"):
            root.revoke_key(key_for(name).keyid, "targets")
            root.add_key(key_for(f"{name}#2"), "targets")

    event.edit("root", only_strangers)
    pipeline = pushed(event)

    run(pipeline)

    targets = targets_of(pipeline)
    assert targets.signed.version == 2
    assert not any(each.signature for each in targets.signatures.values())
    assert set(targets.signatures) >= {key_for("@alice#2").keyid, key_for("@bob#2").keyid}


def test_role_that_was_signed_anew_in_its_published_version_gets_a_new_one() -> None:
    event = first_main()
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    pipeline = pushed(event)

    run(pipeline)

    assert targets_of(pipeline).signed.version == 2


def test_empty_signatures_are_stripped_at_ready_and_the_event_stays_ready() -> None:
    main = first_main()
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    pipeline = pushed(event, main)

    outcome = run(pipeline)

    keyids = {key_for(name).keyid for name in ("@alice", "@bob")}
    assert targets_of(pipeline).signatures.keys() == keyids
    assert outcome.status is not None
    assert outcome.status.verdict == "ready"
    assert load_event(pipeline.history, EVENT).review(now=pipeline.now).verdict.word == "ready"


def test_empty_signatures_stay_while_somebody_may_still_sign() -> None:
    main = first_main()
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline = pushed(event, main)
    head = pipeline.head(EVENT)

    run(pipeline)

    assert pipeline.head(EVENT) == head


def test_metadata_that_main_changed_meanwhile_is_continued_from_there() -> None:
    pipeline = event_with_artifacts_that_is_behind_main()
    pushed_at = pipeline.head(EVENT)

    run(pipeline)

    npm = targets_of(pipeline, "npm").signed
    npm.targets["npm/new.json"].verify_length_and_hashes(b"new\n")
    npm.targets["npm/keys.json"].verify_length_and_hashes(b"later\n")
    assert npm.version == 3
    parents = pipeline.history.info(pipeline.head(EVENT)).parents
    assert parents == (pushed_at, pipeline.head("main"))
    assert status(pipeline).verdict == "waiting", status(pipeline).text


def test_artifact_with_an_unknown_kind_of_hash_is_named_and_the_status_shown() -> None:
    main = first_main()
    main.edit("targets", lambda targets: targets.targets["file.txt"].hashes.update(odd="00"))
    event = main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline = pushed(event, main)
    head = pipeline.head(EVENT)

    with pytest.raises(UnknownHashAlgorithm, match=r"file\.txt"):
        run(pipeline)

    assert pipeline.head(EVENT) == head
    assert status(pipeline).verdict != "ready"


# events that are over


def test_merged_event_is_forgotten_and_its_branch_deleted() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    run(pipeline)
    pipeline.commit("main", pipeline.files(pipeline.head(EVENT)), merging=[pipeline.head(EVENT)])

    outcome = run(pipeline)

    assert (outcome.status, outcome.merged, pipeline.forge.statuses()) == (None, False, {})
    assert EVENT not in pipeline.history.branches()


def test_branch_that_came_to_main_without_its_files_is_not_deleted() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    pipeline.commit("main", pipeline.main.files, merging=[pipeline.head(EVENT)])

    assert run(pipeline).status is None
    assert EVENT in pipeline.history.branches()


def test_branch_at_main_that_changes_nothing_yet_is_not_deleted() -> None:
    pipeline = Pipeline()
    pipeline.history.move([Move(branch=EVENT, old=None, new=pipeline.head("main"))])

    run(pipeline)

    assert EVENT in pipeline.history.branches()
    assert status(pipeline).verdict == "unchanged"


def test_deleted_event_is_forgotten() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    run(pipeline)
    pipeline.history.move([Move(branch=EVENT, old=pipeline.head(EVENT), new=None)])

    assert run(pipeline).status is None
    assert pipeline.forge.statuses() == {}


@pytest.mark.parametrize("name", ["main", "publish", "sign", "signs/x", "-x", ""])
def test_other_branches_are_no_events(name: str) -> None:
    with pytest.raises(NotAnEvent):
        run(Pipeline(), name)


# merging at the threshold


def test_event_is_merged_at_the_threshold_when_main_says_so() -> None:
    main = with_settings(b"[merge]\nat-threshold = true\n")
    pipeline = pushed(changed_artifact(main), main)

    outcome = run(pipeline)

    assert outcome.merged
    assert pipeline.files(pipeline.head("main"))["targets/file.txt"] == b"two\n"
    assert EVENT not in pipeline.history.branches()
    assert pipeline.forge.statuses() == {}


def test_ready_event_is_not_merged_by_default() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    main = pipeline.head("main")

    assert run(pipeline).merged is False
    assert pipeline.head("main") == main


def test_waiting_event_is_not_merged_at_the_threshold() -> None:
    main = with_settings(b"[merge]\nat-threshold = true\n")
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline = pushed(event, main)
    before = pipeline.head("main")

    assert run(pipeline).merged is False
    assert pipeline.head("main") == before


def test_attack_event_cannot_turn_on_merging_or_weaken_the_policy_for_itself() -> None:
    main = with_settings(b"[review]\nlongest-expiry = { targets = 100 }\n")
    event = changed_artifact(main)
    event.files["tufline.toml"] = b"[merge]\nat-threshold = true\n"
    pipeline = pushed(event, main)
    before = pipeline.head("main")

    outcome = run(pipeline)

    assert (outcome.merged, pipeline.head("main")) == (False, before)
    assert "longest-expiry" in status(pipeline).text
    assert "tufline.toml" in status(pipeline).text
